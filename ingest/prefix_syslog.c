/* syslog files in the traditional style, and the origin that follows any syslog stamp. */
#include "ingest/prefix.h"

#include <string.h>

int64_t
prefix_error_us(int digits)
{
	int64_t half = 500000;

	for (int i = 0; i < digits && half > 1; i++)
		half /= 10;
	return half > 0 ? half : 1;
}

/* "kernel: ", "systemd-oomd[840]: ", "kernel[0]: "; a tag without a colon only before a
 * kernel's stamp: "vm kernel [12345.678999] Out of..." */
bool
prefix_eat_tag(struct str *s, struct str *ret_ident)
{
	size_t n = 0, name;
	struct str rest;

	while (n < s->n && s->p[n] > ' ' && s->p[n] != '[' && s->p[n] != ':')
		n++;
	name = n;
	if (name == 0)
		return false;
	if (n < s->n && s->p[n] == '[') {
		while (n < s->n && s->p[n] > ' ' && s->p[n] != ']')
			n++;
		if (n == s->n || s->p[n] != ']')
			return false;
		n++;
	}
	rest = str_from_at(*s, n);
	if (!str_eat_chr(&rest, ':') &&
	    !(str_eq_z(str_head(*s, n), "kernel") && str_starts(rest, STR(" ["))))
		return false;
	*ret_ident = str_head(*s, name);
	if (rest.n > 0 && *rest.p > ' ' && !str_eq_z(*ret_ident, "kernel"))
		return false; /* "a:b" is a word */
	str_eat_chr(&rest, ' ');
	*s = rest;
	return true;
}

/* "kern.warn " of busybox's syslogd. */
static bool
eat_selector(struct prefix *p, struct str *s)
{
	struct str rest = *s, word, name;
	int facility, level;

	if (s->n < 8 || (s->p[3] != '.' && s->p[4] != '.' && s->p[6] != '.' && s->p[5] != '.'))
		return false;
	if (!str_eat_word(&rest, &word) || !str_eat_chr(&rest, ' ') ||
	    !str_cut(&word, STR("."), &name))
		return false;
	facility = prefix_facility(name), level = prefix_level(word);
	if (facility < 0 || level < 0)
		return false;
	p->facility = facility, p->level = level;
	*s = rest;
	return true;
}

static bool
has_pid(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] > ' ' && s.p[n] != '[' && s.p[n] != ':')
		n++;
	return n + 1 < s.n && s.p[n] == '[' && str_is_digit(s.p[n + 1]);
}

/*
 * "HOST TAG[PID]: ", "TAG: " of journalctl --no-hostname, "HOST kern.warn TAG: ".  Where the
 * style may also have a message here, `sure` is false: then "Call Trace:" must not become the
 * tag of a host, so what is not the kernel's has to have a pid or a host that is known.
 */
bool
prefix_eat_origin(struct prefix *p, struct str *s, bool sure, struct prefix_memory *m)
{
	struct str rest = *s, host = STR_NONE, ident = STR_NONE;
	size_t n = 0;

	if ((!sure && !str_starts(rest, STR("kernel")) && !has_pid(rest)) ||
	    !prefix_eat_tag(&rest, &ident)) {
		while (n < rest.n && rest.p[n] > ' ')
			n++;
		if (n == 0 || n >= rest.n || rest.p[n] != ' ')
			return false;
		if (!eat_selector(p, &rest)) {
			host = str_head(rest, n);
			rest = str_from_at(rest, n + 1);
		}
		if (!sure && !str_starts(rest, STR("kern")) && !has_pid(rest) &&
		    !str_eq(host, (struct str){ m->host, m->nhost }))
			return false;
		if (!prefix_eat_tag(&rest, &ident) &&
		    !(eat_selector(p, &rest) && prefix_eat_tag(&rest, &ident)) && !sure)
			return false;
	}
	p->host = host, p->ident = ident;
	p->rest = str_eq_z(ident, "kernel") ? REST_KERNEL : REST_TEXT;
	p->octal = true;
	*s = rest;
	return true;
}

/* "Nov 22 ", "Nov  2 ", "22. Nov ": words are strftime's, so any language. */
static bool
eat_month_day(struct str *s, struct civil *ret)
{
	struct str rest = *s;
	size_t n = 0;
	int64_t day;

	while (n < rest.n && n < 16 && rest.p[n] != ' ' && rest.p[n] != '[' && rest.p[n] != ':')
		n++;
	if (n < 2 || n == rest.n || rest.p[n] != ' ' || str_is_digit(rest.p[n - 1]))
		return false;
	rest = str_from_at(rest, n);
	str_eat_blanks(&rest);
	if (!str_eat_i64(&rest, &day) || day < 1 || day > 31 || !str_eat_chr(&rest, ' '))
		return false;
	ret->month = civil_month(str_head(*s, n));
	ret->day = (int)day;
	*s = rest;
	return true;
}

/* "Nov 22 23:35:09", "Nov 22 2026 23:35:09" */
static bool
eat_second(struct str *s, struct civil *ret, struct prefix_memory *m)
{
	struct str rest = *s;
	struct civil at = { .year = 0 };
	int64_t year;

	if (memcmp(s->p, m->second, sizeof(m->second)) == 0) {
		*ret = m->second_at;
		*s = str_from_at(*s, sizeof(m->second));
		return true;
	}
	if (*rest.p == '[' || !eat_month_day(&rest, &at))
		return false;
	if (rest.n > 5 && str_is_digit(rest.p[3]) && rest.p[4] == ' ') {
		if (!str_eat_digits(&rest, 4, &year) || !str_eat_chr(&rest, ' '))
			return false;
		at.year = (int)year;
	}
	if (!civil_eat_time(&rest, &at))
		return false;
	if (s->n - rest.n == sizeof(m->second)) {
		memcpy(m->second, s->p, sizeof(m->second));
		m->second_at = at;
	}
	*s = rest;
	*ret = at;
	return true;
}

/* What follows the stamp; the kernel's is mostly that of the line before. */
static void
take_origin(struct prefix *p, struct str s, struct prefix_memory *m)
{
	struct str rest = s;
	size_t n;

	if (m->norigin > 0 && str_starts(s, (struct str){ m->origin, m->norigin })) {
		p->host = str_head(s, m->norigin_host);
		p->ident = STR("kernel");
		p->rest = REST_KERNEL;
		p->octal = true;
		p->text = str_from_at(s, m->norigin);
		return;
	}
	if (!prefix_eat_origin(p, &rest, true, m))
		p->rest = REST_TEXT;
	p->text = rest;
	n = s.n - rest.n;
	if (p->rest == REST_KERNEL && p->host.p != NULL && p->facility < 0 &&
	    n <= sizeof(m->origin) && s.p[n - 1] == ' ') {
		memcpy(m->origin, s.p, n);
		m->norigin = n, m->norigin_host = p->host.n;
	}
}

/* "Nov 22 23:35:09 vm kernel: [12345.678901] java invoked oom-killer: ..." */
bool
prefix_syslog(struct prefix *p, struct prefix_memory *m)
{
	struct stamp st = { .kind = STAMP_CIVIL };
	struct str s = p->text, after;
	int64_t year;
	int us = 0, digits = 0;

	if (s.n < sizeof(m->second) || !eat_second(&s, &st.at, m))
		return false;
	civil_eat_fraction(&s, '.', &us, &digits);
	if (!str_eat_chr(&s, ' ') && s.n > 0 && !str_eat_chr(&s, ':'))
		return false;
	/* "Dec 27 09:19:05 2013 kernel: : [277622.359064] text" */
	after = s;
	if (st.at.year == 0 && s.n > 5 && str_is_digit(*s.p) && str_eat_digits(&after, 4, &year) &&
	    str_eat_chr(&after, ' ') && year >= 1990 && year < 2200) {
		st.at.year = (int)year;
		s = after;
	}
	st.us = us;
	st.error_us = prefix_error_us(digits);
	take_origin(p, s, m);
	p->stamp = st;
	return true;
}

/* "[timeQuality tzKnown=\"1\"][x@1 y=\"]\"] ", or "-". */
static bool
eat_structured_data(struct str *s)
{
	struct str rest = *s;

	if (str_eat_chr(&rest, '-')) {
		*s = rest;
		return true;
	}
	if (rest.n == 0 || *rest.p != '[')
		return false;
	while (str_eat_chr(&rest, '[')) {
		bool quoted = false;
		size_t i = 0;

		for (; i < rest.n && (quoted || rest.p[i] != ']'); i++) {
			if (quoted && rest.p[i] == '\\')
				i++;
			else if (rest.p[i] == '"')
				quoted = !quoted;
		}
		if (i >= rest.n)
			return false;
		rest = str_from_at(rest, i + 1);
		/* A kernel's stamp is no element: its name would begin with a blank or digit. */
		if (rest.n > 1 && rest.p[0] == '[' && (rest.p[1] <= ' ' || str_is_digit(rest.p[1])))
			break;
	}
	*s = rest;
	return true;
}

static struct str
nil(struct str field)
{
	return str_eq_z(field, "-") ? STR_NONE : field;
}

/* "<12>1 2026-11-22T23:35:09+00:00 vm kernel - - - [12345.678901] text" */
bool
prefix_syslog5424(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text, word, host, app, id;
	struct civil_stamp c;
	int facility, level;
	bool stamped;
	(void)m;

	if (!prefix_eat_pri(&s, &facility, &level) || !str_eat(&s, STR("1 ")))
		return false;
	stamped = civil_eat_rfc3339(&s, &c);
	if ((!stamped && !str_eat_chr(&s, '-')) || !str_eat_chr(&s, ' ') ||
	    !str_eat_word(&s, &host) || !str_eat_chr(&s, ' ') || !str_eat_word(&s, &app) ||
	    !str_eat_chr(&s, ' ') || !str_eat_word(&s, &word) || !str_eat_chr(&s, ' ') ||
	    !str_eat_word(&s, &id) || !str_eat_chr(&s, ' ') || !eat_structured_data(&s))
		return false;
	str_eat_chr(&s, ' ');
	str_eat(&s, STR("\xef\xbb\xbf"));
	if (stamped)
		p->stamp = (struct stamp){ .kind = STAMP_CIVIL,
			.at = c.at,
			.us = c.us,
			.offset_s = c.offset_s,
			.has_offset = c.has_offset,
			.error_us = prefix_error_us(c.digits) };
	p->facility = facility, p->level = level;
	p->host = nil(host), p->ident = nil(app);
	p->rest = str_eq_z(app, "kernel") ? REST_KERNEL : REST_TEXT;
	p->octal = true;
	p->text = s;
	return true;
}
