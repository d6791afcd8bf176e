#include "base/civil.h"

enum { DAY_S = 86400 };

bool
civil_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
civil_valid(const struct civil *c)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1)
		return false;
	if (c->day > days[c->month - 1] + (c->month == 2 && civil_is_leap(c->year)))
		return false;
	return c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
	       c->second >= 0 && c->second <= 60;
}

/* Years begin in March, so that the leap day is the last one of its year: then the days
 * before a month are a straight line, and an era is 400 years of 146097 days. */
int64_t
civil_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t
civil_seconds(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day) * DAY_S + c->hour * 3600 + c->minute * 60 +
	       c->second;
}

struct civil
civil_of(int64_t seconds)
{
	int64_t days = seconds / DAY_S, rest = seconds % DAY_S;

	if (rest < 0)
		days--, rest += DAY_S;
	days += 719468;

	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day = days - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * year + year / 4 - year / 100);
	int month = (int)((5 * of_year + 2) / 153);

	return (struct civil){
		.year = (int)(year + era * 400 + (month >= 10)),
		.month = month < 10 ? month + 3 : month - 9,
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.hour = (int)(rest / 3600),
		.minute = (int)(rest / 60 % 60),
		.second = (int)(rest % 60),
	};
}

/* English first; then what other locales put where strftime's %b stands.  Names that begin
 * with one of these are meant too ("janv.", "Sept"). */
/* clang-format off */
static const struct {
	const char *name;
	int month;
} months[] = {
	{ "Jan", 1 }, { "Feb", 2 }, { "Mar", 3 }, { "Apr", 4 }, { "May", 5 }, { "Jun", 6 },
	{ "Jul", 7 }, { "Aug", 8 }, { "Sep", 9 }, { "Oct", 10 }, { "Nov", 11 }, { "Dec", 12 },
	/* de */ { "Jän", 1 }, { "Mär", 3 }, { "Mai", 5 }, { "Okt", 10 }, { "Dez", 12 },
	/* fr */ { "jan", 1 }, { "fév", 2 }, { "mar", 3 }, { "avr", 4 }, { "mai", 5 },
	{ "juin", 6 }, { "juil", 7 }, { "ao", 8 }, { "sep", 9 }, { "oct", 10 }, { "nov", 11 },
	{ "déc", 12 },
	/* es, it, pt, nl */ { "ene", 1 }, { "gen", 1 }, { "feb", 2 }, { "fev", 2 }, { "mrt", 3 },
	{ "abr", 4 }, { "apr", 4 }, { "may", 5 }, { "mag", 5 }, { "mei", 5 }, { "jun", 6 },
	{ "giu", 6 }, { "jul", 7 }, { "lug", 7 }, { "ago", 8 }, { "aug", 8 }, { "set", 9 },
	{ "ott", 10 }, { "out", 10 }, { "okt", 10 }, { "dic", 12 }, { "dez", 12 }, { "dec", 12 },
	/* pl, ru */ { "sty", 1 }, { "lut", 2 }, { "kwi", 4 }, { "maj", 5 }, { "cze", 6 },
	{ "lip", 7 }, { "sie", 8 }, { "wrz", 9 }, { "paź", 10 }, { "lis", 11 }, { "gru", 12 },
	{ "янв", 1 }, { "фев", 2 }, { "мар", 3 }, { "апр", 4 }, { "мая", 5 }, { "июн", 6 },
	{ "июл", 7 }, { "авг", 8 }, { "сен", 9 }, { "окт", 10 }, { "ноя", 11 }, { "дек", 12 },
};
/* clang-format on */

int
civil_month(struct str name)
{
	int64_t number;
	struct str digits = name;

	for (size_t i = 0; i < ARRAY_LEN(months); i++) {
		if (str_starts_z(name, months[i].name))
			return months[i].month;
	}
	/* zh, ja: "11月" */
	if (str_eat_i64(&digits, &number) && number >= 1 && number <= 12 && str_eq_z(digits, "月"))
		return (int)number;
	return 0;
}

static int
two_digits(const char *p)
{
	return str_is_digit(p[0]) && str_is_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

bool
civil_eat_time(struct str *s, struct civil *ret)
{
	int hour, minute, second;

	if (s->n < 8 || s->p[2] != ':' || s->p[5] != ':')
		return false;
	hour = two_digits(s->p), minute = two_digits(s->p + 3), second = two_digits(s->p + 6);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	*s = str_from_at(*s, 8);
	ret->hour = hour, ret->minute = minute, ret->second = second;
	return true;
}

bool
civil_eat_fraction(struct str *s, char mark, int *ret_us, int *ret_digits)
{
	size_t i = 1;
	int us = 0;

	if (s->n < 2 || s->p[0] != mark || !str_is_digit(s->p[1]))
		return false;
	for (; i < s->n && str_is_digit(s->p[i]); i++) {
		if (i <= 6)
			us = us * 10 + s->p[i] - '0';
	}
	for (size_t have = i - 1; have < 6; have++)
		us *= 10;
	*ret_us = us;
	*ret_digits = i > 9 ? 9 : (int)i - 1;
	*s = str_from_at(*s, i);
	return true;
}

bool
civil_eat_offset(struct str *s, int *ret_s)
{
	struct str rest = *s;
	int hour, minute = 0, sign;

	if (str_eat_chr(s, 'Z')) {
		*ret_s = 0;
		return true;
	}
	if (rest.n < 3 || (rest.p[0] != '+' && rest.p[0] != '-'))
		return false;
	sign = rest.p[0] == '-' ? -1 : 1;
	hour = two_digits(rest.p + 1);
	rest = str_from_at(rest, 3);
	if (rest.n >= 3 && rest.p[0] == ':' && str_is_digit(rest.p[1]))
		rest = str_from_at(rest, 1);
	if (rest.n >= 2 && str_is_digit(rest.p[0])) {
		minute = two_digits(rest.p);
		rest = str_from_at(rest, 2);
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*ret_s = sign * (hour * 3600 + minute * 60);
	*s = rest;
	return true;
}

bool
civil_eat_rfc3339(struct str *s, struct civil_stamp *ret)
{
	struct civil_stamp st = { .digits = 0 };
	struct str rest = *s;
	int64_t year;

	if (rest.n < 19 || rest.p[4] != '-' || rest.p[7] != '-' ||
	    (rest.p[10] != 'T' && rest.p[10] != ' ') || !str_eat_digits(&rest, 4, &year))
		return false;
	st.at.year = (int)year;
	st.at.month = two_digits(rest.p + 1);
	st.at.day = two_digits(rest.p + 4);
	rest = str_from_at(rest, 7);
	if (!civil_eat_time(&rest, &st.at) || !civil_valid(&st.at))
		return false;
	st.comma = civil_eat_fraction(&rest, ',', &st.us, &st.digits);
	if (!st.comma)
		civil_eat_fraction(&rest, '.', &st.us, &st.digits);
	st.has_offset = civil_eat_offset(&rest, &st.offset_s);
	*s = rest;
	*ret = st;
	return true;
}
