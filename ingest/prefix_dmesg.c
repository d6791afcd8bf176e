/* What the kernel and the dmesg of util-linux put before a message. */
#include "ingest/prefix.h"

enum { SECONDS_DIGITS = 11 }; /* of local_clock() in 64 bits of nanoseconds */

/* "32.588887" after blanks, as printf's %5lu.%06lu has it. */
static bool
eat_seconds(struct str *s, int64_t *ret_us)
{
	size_t i = 0, begin;
	int64_t v = 0;

	while (i < s->n && s->p[i] == ' ')
		i++;
	for (begin = i; i < s->n && str_is_digit(s->p[i]); i++) {
		if (i - begin == SECONDS_DIGITS)
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	if (i == begin || s->n - i < 7 || s->p[i] != '.')
		return false;
	for (size_t end = ++i + 6; i < end; i++) {
		if (!str_is_digit(s->p[i]))
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_from_at(*s, i);
	*ret_us = v;
	return true;
}

/* " <    0.000006>" of dmesg -d; journalctl has "<    0.000100 >" and '*' for "unreliable". */
static bool
eat_delta(struct str *s)
{
	struct str rest = *s;
	int64_t us;

	while (str_eat_chr(&rest, ' ') || str_eat_chr(&rest, '*'))
		;
	if (!str_eat_chr(&rest, '<') || !eat_seconds(&rest, &us))
		return false;
	while (str_eat_chr(&rest, ' ') || str_eat_chr(&rest, '*'))
		;
	if (!str_eat_chr(&rest, '>'))
		return false;
	*s = rest;
	return true;
}

/* "[  T116]", "[   C4]" of CONFIG_PRINTK_CALLER, with nothing before it. */
static bool
eat_caller(struct str *s, struct str *ret)
{
	struct str rest = *s, caller;
	uint64_t id;

	if (!str_eat_chr(&rest, '['))
		return false;
	while (str_eat_chr(&rest, ' '))
		;
	caller = rest;
	if ((!str_eat_chr(&rest, 'T') && !str_eat_chr(&rest, 'C')) || !str_eat_u64(&rest, &id))
		return false;
	caller = str_head(caller, caller.n - rest.n);
	if (!str_eat_chr(&rest, ']'))
		return false;
	*s = rest;
	*ret = caller;
	return true;
}

bool
prefix_eat_mono(struct str *s, int64_t *ret_us, struct str *ret_caller)
{
	struct str rest = *s;
	int64_t us;
	uint64_t cpu;

	/* A row of the task table has "[ 1234]" here: no point, so no stamp. */
	if (!str_eat_chr(&rest, '[') || !eat_seconds(&rest, &us))
		return false;
	if (rest.n > 0 && *rest.p != ']') {
		if (*rest.p == ',') {
			/* "<6>[   12.345678,4]": phones print the CPU */
			str_eat_chr(&rest, ',');
			if (!str_eat_u64(&rest, &cpu))
				return false;
		} else if (!eat_delta(&rest)) {
			return false;
		}
	}
	if (!str_eat_chr(&rest, ']'))
		return false;
	if (rest.n > 0 && *rest.p == '[')
		eat_caller(&rest, ret_caller);
	str_eat_chr(&rest, ' ');
	*ret_us = us;
	*s = rest;
	return true;
}

/* "web-000 kernel: text": journalctl -o short-monotonic looks like dmesg but for its host. */
static void
take_journal_origin(struct prefix *p, struct str s, struct prefix_memory *m)
{
	size_t n = 0;
	struct str ident;

	if (str_eat(&s, STR("kernel: "))) {
		p->ident = STR("kernel");
		p->text = s;
		p->rest = REST_KERNEL;
		return;
	}
	while (n < s.n && s.p[n] > ' ' && s.p[n] != ':' && s.p[n] != '[')
		n++;
	if (n == 0 || n + 1 >= s.n || s.p[n] != ' ')
		return;

	struct str host = str_head(s, n), rest = str_from_at(s, n + 1);

	if (!str_starts(rest, STR("kernel: ")) && !str_eq(host, (struct str){ m->host, m->nhost }))
		return;
	if (!prefix_eat_tag(&rest, &ident))
		return;
	p->host = host;
	p->ident = ident;
	p->text = rest;
	p->rest = str_eq_z(ident, "kernel") ? REST_KERNEL : REST_TEXT;
}

/* "Sun Nov 22 22:46:58 2026]": any two words before the day, for they are strftime's. */
static bool
eat_wall(struct str *s, struct stamp *ret)
{
	struct stamp st = { .kind = STAMP_CIVIL, .boot_offset = true };
	struct str rest = *s, word, month;
	int64_t day, year;

	if (!str_eat_word(&rest, &word) || word.n > 16 || !str_eat_blanks(&rest) ||
	    !str_eat_word(&rest, &month) || month.n > 16 || !str_eat_blanks(&rest) ||
	    !str_eat_i64(&rest, &day) || day < 1 || day > 31)
		return false;
	str_eat_chr(&rest, '.');
	if (!str_eat_blanks(&rest) || !civil_eat_time(&rest, &st.at) || !str_eat_chr(&rest, ' '))
		return false;
	if (!str_eat_digits(&rest, 4, &year) &&
	    !(str_eat_word(&rest, &word) && str_eat_chr(&rest, ' ') && word.n < 8 &&
		str_eat_digits(&rest, 4, &year)))
		return false;
	if (!str_eat_chr(&rest, ']'))
		return false;
	st.at.year = (int)year, st.at.month = civil_month(month), st.at.day = (int)day;
	st.error_us = PREFIX_BOOT_ERROR_US;
	*ret = st;
	*s = rest;
	return true;
}

/* "2024-05-01 12:00:00]": what writes down a serial console. */
static bool
eat_console_stamp(struct str *s, struct stamp *ret)
{
	struct civil_stamp c;
	struct str rest = *s;

	if (!civil_eat_rfc3339(&rest, &c) || !str_eat_chr(&rest, ']'))
		return false;
	*ret = (struct stamp){ .kind = STAMP_CIVIL,
		.at = c.at,
		.us = c.us,
		.offset_s = c.offset_s,
		.has_offset = c.has_offset,
		.error_us = prefix_error_us(c.digits) };
	*s = rest;
	return true;
}

bool
prefix_dmesg_wall(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text;
	(void)m;

	if (s.n < 21 || s.p[0] != '[' || s.p[1] == ' ')
		return false;
	s = str_from_at(s, 1);
	if (str_is_digit(*s.p)) {
		if (!eat_console_stamp(&s, &p->stamp))
			return false;
		p->rest = REST_LINE;
	} else {
		if (!eat_wall(&s, &p->stamp))
			return false;
		/* "[Sun Nov 22 22:46:58 2026] [   12.345678] text": --time-format twice */
		p->rest = REST_KERNEL;
	}
	str_eat_chr(&s, ' ');
	p->text = s;
	return true;
}

bool
prefix_dmesg(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text;

	if (!prefix_eat_mono(&s, &p->mono_us, &p->caller))
		return false;
	p->text = s;
	p->rest = REST_TEXT;
	if (s.n > 21 && s.p[0] == '[' && s.p[1] > '9') {
		if (prefix_dmesg_wall(p, m))
			p->rest = REST_TEXT;
	} else {
		take_journal_origin(p, s, m);
	}
	return true;
}

/* "[<    0.000006>] text": nothing to count from. */
bool
prefix_dmesg_delta(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text;
	(void)m;

	if (s.n < 12 || s.p[1] != '<' || !str_eat_chr(&s, '[') || !eat_delta(&s) ||
	    !str_eat_chr(&s, ']'))
		return false;
	str_eat_chr(&s, ' ');
	p->text = s;
	p->rest = REST_TEXT;
	return true;
}

/* "[Nov22 22:46] text" where the minute is a new one, else "[  +0.001513] text". */
bool
prefix_dmesg_reltime(struct prefix *p, struct prefix_memory *m)
{
	struct stamp st = {
		.kind = STAMP_CIVIL, .boot_offset = true, .error_us = PREFIX_BOOT_ERROR_US
	};
	struct str s = p->text;
	int64_t day, hour, minute;
	size_t n = 0;
	(void)m;

	if (!str_eat_chr(&s, '[') || s.n < 10)
		return false;
	while (n < 16 && n < s.n && !str_is_digit(s.p[n]) && s.p[n] != ' ' && s.p[n] != ']')
		n++;
	if (n == 0 || s.p[0] == '+') {
		str_eat_blanks(&s);
		if (!str_eat_chr(&s, '+') || !eat_seconds(&s, &st.us) || !str_eat_chr(&s, ']'))
			return false;
		st.kind = STAMP_DELTA;
	} else {
		st.at.month = civil_month(str_head(s, n));
		s = str_from_at(s, n);
		str_eat_blanks(&s);
		if (!str_eat_i64(&s, &day) || day < 1 || day > 31 || !str_eat_chr(&s, ' ') ||
		    !str_eat_digits(&s, 2, &hour) || hour > 23 || !str_eat_chr(&s, ':') ||
		    !str_eat_digits(&s, 2, &minute) || minute > 59 || !str_eat_chr(&s, ']'))
			return false;
		st.at.day = (int)day, st.at.hour = (int)hour, st.at.minute = (int)minute;
	}
	str_eat_chr(&s, ' ');
	p->stamp = st;
	p->text = s;
	p->rest = REST_TEXT;
	return true;
}
