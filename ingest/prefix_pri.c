/* Facility and level, as a number or by name. */
#include "ingest/prefix.h"

enum { MAX_PRI = 23 << 3 | 7 };

static const char *const facilities[] = { "kern", "user", "mail", "daemon", "auth", "syslog", "lpr",
	"news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock", "local0",
	"local1", "local2", "local3", "local4", "local5", "local6", "local7" };

/* dmesg's names, then those of syslog.conf. */
static const struct {
	const char *name;
	int level;
} levels[] = { { "emerg", 0 }, { "alert", 1 }, { "crit", 2 }, { "err", 3 }, { "warn", 4 },
	{ "notice", 5 }, { "info", 6 }, { "debug", 7 }, { "panic", 0 }, { "error", 3 },
	{ "warning", 4 } };

int
prefix_facility(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(facilities); i++) {
		if (str_eq_z(name, facilities[i]))
			return (int)i;
	}
	return -1;
}

int
prefix_level(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (str_eq_z(name, levels[i].name))
			return levels[i].level;
	}
	return -1;
}

bool
prefix_eat_pri(struct str *s, int *ret_facility, int *ret_level)
{
	struct str rest = *s;
	uint64_t pri;

	if (rest.n < 3 || rest.p[0] != '<' || !str_is_digit(rest.p[1]))
		return false;
	rest = str_from_at(rest, 1);
	if (!str_eat_u64(&rest, &pri) || pri > MAX_PRI || !str_eat_chr(&rest, '>'))
		return false;
	*ret_facility = (int)(pri >> 3);
	*ret_level = (int)(pri & 7);
	*s = rest;
	return true;
}

bool
prefix_pri(struct prefix *p, struct prefix_memory *m)
{
	if (!prefix_eat_pri(&p->text, &p->facility, &p->level))
		return false;
	p->rest = REST_LINE;
	/* The pstore holds the kernel's own buffer, which names user space's facility. */
	p->kernel_known = m->in_pstore && p->facility == 0;
	return true;
}

/* "kern  " up to the colon. */
static struct str
eat_padded(struct str *s)
{
	struct str rest = *s;
	size_t n = 0;

	while (n < rest.n && n < 9 && rest.p[n] > ' ' && rest.p[n] != ':')
		n++;
	*s = str_from_at(rest, n);
	while (str_eat_chr(s, ' '))
		;
	return str_head(rest, n);
}

/* "kern  :info  : [    0.221621] text" */
bool
prefix_dmesg_decoded(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text;
	int facility, level;
	(void)m;

	if (s.n < 12 || s.p[0] < 'a' || s.p[0] > 'z')
		return false;
	facility = prefix_facility(eat_padded(&s));
	if (facility < 0 || !str_eat_chr(&s, ':'))
		return false;
	level = prefix_level(eat_padded(&s));
	if (level < 0 || !str_eat_chr(&s, ':'))
		return false;
	str_eat_chr(&s, ' ');
	p->facility = facility, p->level = level;
	p->text = s;
	p->rest = REST_LINE;
	return true;
}
