#include "ingest/prefix.h"

#include <string.h>

enum { MAX_DEPTH = 4 };

/* The first that fits decides, so what others could be taken for stands before them. */
/* clang-format off */
static const struct prefix_style styles[] = {
	{ "dmesg",		prefix_dmesg,		false },
	{ "syslog",		prefix_syslog,		false },
	{ "iso",		prefix_iso,		false },
	{ "dmesg-wall",		prefix_dmesg_wall,	false },
	{ "dmesg-reltime",	prefix_dmesg_reltime,	true },
	{ "dmesg-delta",	prefix_dmesg_delta,	false },
	{ "dmesg-decoded",	prefix_dmesg_decoded,	false },
	{ "syslog-5424",	prefix_syslog5424,	false },
	{ "kmsg",		prefix_kmsg,		true },
	{ "netconsole",		prefix_netconsole,	true },
	{ "dmesg-raw",		prefix_pri,		false },
	{ "journal-full",	prefix_short_full,	false },
	{ "journal-unix",	prefix_short_unix,	false },
	{ "logcat",		prefix_logcat,		false },
	{ "tag",		prefix_tag,		false },
	{ "wrapped",		prefix_inside,		false },
};
/* clang-format on */

const struct prefix_style *
prefix_style_at(size_t i)
{
	return i < ARRAY_LEN(styles) ? &styles[i] : NULL;
}

/* Member by member: to clear the whole takes as long as to read a stamp. */
void
prefix_begin(struct prefix *p, struct str line)
{
	p->text = line;
	p->host = p->ident = p->caller = p->boot_id = STR_NONE;
	p->stamp.kind = STAMP_NONE;
	p->stamp.boot_offset = false;
	p->mono_us = p->seq = UNKNOWN;
	p->facility = p->level = -1;
	p->rest = REST_TEXT;
	p->octal = p->escaped = p->fragment = p->partial = p->kernel_known = false;
	p->frag_at = p->frag_total = UNKNOWN;
}

struct prefix
prefix_none(struct str line)
{
	struct prefix p = { .text = line };

	prefix_begin(&p, line);
	return p;
}

/* "> > [  1.0] text": quoted in a mail, indented in a list. */
static struct str
unquoted(struct str s)
{
	str_eat_blanks(&s);
	while (str_eat_chr(&s, '>'))
		str_eat_blanks(&s);
	return s;
}

static const struct prefix_style *
take_any(struct prefix_memory *m, struct prefix *p)
{
	size_t last = m->last;

	if (styles[last].take(p, m))
		return &styles[last];
	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		if (i != last && styles[i].take(p, m)) {
			m->last = i;
			return &styles[i];
		}
	}
	return NULL;
}

/*
 * "kernel: kernel: [12.345678] text", "kernel: : [..]", "kernel: <4>[..]": relays put their
 * own tag before that of others.
 */
void
prefix_take_kernel(struct prefix *p)
{
	struct str s = p->text;

	while (str_eat(&s, STR("kernel: ")) || str_eat(&s, STR(": ")))
		;
	prefix_eat_pri(&s, &p->facility, &p->level);
	prefix_eat_mono(&s, &p->mono_us, &p->caller);
	p->text = s;
}

static void
remember_host(struct prefix_memory *m, struct str host)
{
	if (host.n == 0 || host.n > sizeof(m->host) ||
	    (host.n == m->nhost && memcmp(host.p, m->host, host.n) == 0))
		return;
	memcpy(m->host, host.p, host.n);
	m->nhost = host.n;
}

const struct prefix_style *
prefix_peel(struct prefix_memory *m, struct prefix *p)
{
	const struct prefix_style *style, *outer;
	struct str line = p->text;

	if (line.n > 0 && (line.p[0] == '>' || line.p[0] == ' ' || line.p[0] == '\t'))
		p->text = unquoted(line);
	outer = style = take_any(m, p);
	if (outer == NULL) {
		/* Quoted or not, blanks are part of a line without a prefix. */
		if (line.n > 0 && line.p[0] != '>')
			p->text = line;
		return NULL;
	}
	for (int depth = 1; style != NULL && p->rest == REST_LINE && depth < MAX_DEPTH; depth++) {
		struct prefix_memory inner = { .last = 0 };

		p->rest = REST_TEXT;
		style = take_any(&inner, p);
	}
	if (p->rest == REST_KERNEL) {
		prefix_take_kernel(p);
		remember_host(m, p->host);
	}
	return outer;
}
