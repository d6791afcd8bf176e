/* Lines that begin with a full date: rsyslog, journald, dmesg, containers, clouds. */
#include "ingest/prefix.h"

static struct stamp
stamp_of(const struct civil_stamp *c)
{
	return (struct stamp){ .kind = STAMP_CIVIL,
		.at = c->at,
		.us = c->us,
		.offset_s = c->offset_s,
		.has_offset = c->has_offset,
		.error_us = prefix_error_us(c->digits) };
}

/* "stdout F ", "stderr P " of the container runtimes. */
static bool
eat_cri(struct str *s, bool *ret_partial)
{
	struct str rest = *s, tags;

	if ((!str_eat(&rest, STR("stdout ")) && !str_eat(&rest, STR("stderr "))) ||
	    !str_eat_word(&rest, &tags) || (*tags.p != 'F' && *tags.p != 'P') ||
	    (tags.n > 1 && tags.p[1] != ':'))
		return false;
	str_eat_chr(&rest, ' ');
	*ret_partial = *tags.p == 'P';
	*s = rest;
	return true;
}

/* "{host="web", unit="x"} " of logcli: labels, for people. */
static bool
eat_labels(struct str *s)
{
	bool quoted = false;
	size_t i = 1;

	if (s->n < 3 || s->p[0] != '{' || s->p[1] == '"')
		return false;
	for (; i < s->n && (quoted || s->p[i] != '}'); i++) {
		if (quoted && s->p[i] == '\\')
			i++;
		else if (s->p[i] == '"')
			quoted = !quoted;
	}
	if (i + 1 >= s->n || s->p[i + 1] != ' ')
		return false;
	*s = str_from_at(*s, i + 2);
	str_eat_blanks(s);
	return true;
}

bool
prefix_iso(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text;
	struct civil_stamp c;

	if (s.n < 20 || !str_is_digit(*s.p) || !civil_eat_rfc3339(&s, &c))
		return false;
	if (s.n > 0 && !str_eat_chr(&s, ' ') && !str_eat_chr(&s, '\t'))
		return false;
	p->stamp = stamp_of(&c);
	p->rest = REST_KERNEL;
	if (c.comma) {
		/* "2026-11-22T22:46:58,221621+00:00 text": only dmesg writes a comma */
		p->stamp.boot_offset = true;
		p->stamp.error_us = PREFIX_BOOT_ERROR_US;
	} else if (eat_cri(&s, &p->partial) || eat_labels(&s)) {
		p->rest = REST_LINE;
	} else if (!prefix_eat_origin(p, &s, false, m)) {
		/* "2026-01-01T00:00:00.000Z text" of a cloud's console */
		p->rest = REST_LINE;
	}
	p->text = s;
	return true;
}

/*
 * "Thu 2026-01-01 00:00:01 UTC web-000 kernel: text"; with journalctl -o verbose
 * "Thu 2026-01-01 00:00:01.000000 UTC [s=..;i=..;b=..]", which entry_verbose.c takes first.
 */
bool
prefix_short_full(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text, zone;
	struct civil_stamp c;
	size_t n = 0;

	while (n < 16 && n < s.n && s.p[n] > ' ' && !str_is_digit(s.p[n]) && s.p[n] != '[')
		n++;
	while (n < 24 && n < s.n && (unsigned char)s.p[n] >= 0x80)
		n++;
	if (n < 2 || n + 20 > s.n || s.p[n] != ' ')
		return false;
	s = str_from_at(s, n + 1);
	if (!str_is_digit(*s.p) || !civil_eat_rfc3339(&s, &c) || !str_eat_chr(&s, ' ') ||
	    !str_eat_word(&s, &zone) || zone.n > 8 || !str_eat_chr(&s, ' '))
		return false;
	if (!c.has_offset)
		c.has_offset = civil_eat_offset(&zone, &c.offset_s) || str_eq_z(zone, "UTC") ||
			       str_eq_z(zone, "GMT");
	p->stamp = stamp_of(&c);
	if (!prefix_eat_origin(p, &s, true, m))
		p->rest = REST_TEXT;
	/* journalctl -o with-unit names the unit instead: for the kernel's messages this one */
	if (str_eq_z(p->ident, "init.scope"))
		p->ident = STR_NONE;
	p->text = s;
	return true;
}

/* "1767225601.000000 web-000 kernel: text" */
bool
prefix_short_unix(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text;
	int64_t seconds, us;
	size_t n = 0;

	while (n < s.n && n < 12 && str_is_digit(s.p[n]))
		n++;
	if (n < 9 || n > 11 || !str_eat_i64(&s, &seconds) || !str_eat_chr(&s, '.') ||
	    !str_eat_digits(&s, 6, &us) || !str_eat_chr(&s, ' ') ||
	    !prefix_eat_origin(p, &s, true, m))
		return false;
	p->stamp = (struct stamp){
		.kind = STAMP_UNIX, .us = seconds * 1000000 + us, .error_us = prefix_error_us(6)
	};
	p->text = s;
	return true;
}
