/* Records as /dev/kmsg gives them, and as netconsole sends them. */
#include "ingest/prefix.h"

/* "ncfrag=0/1035" */
static bool
take_frag(struct prefix *p, struct str value)
{
	int64_t at, total;

	if (!str_eat_i64(&value, &at) || !str_eat_chr(&value, '/') ||
	    !str_eat_i64(&value, &total) || at < 0 || total < at)
		return false;
	p->frag_at = at, p->frag_total = total;
	return true;
}

/* "PRI,SEQ,USEC,FLAG[,caller=T123][,...];": "new fields may be inserted before ';'", says the
 * document; kernel 3.5 had three. */
static bool
take_header(struct prefix *p, struct str s)
{
	struct prefix q = *p;
	uint64_t pri, seq;
	int64_t us;
	struct str head, field, rest;
	size_t n;

	if (!str_eat_u64(&s, &pri) || pri > 0x3ff || !str_eat_chr(&s, ',') ||
	    !str_eat_u64(&s, &seq) || seq > INT64_MAX || !str_eat_chr(&s, ',') ||
	    !str_eat_i64(&s, &us) || us < 0 || us > PREFIX_MAX_US)
		return false;
	rest = s;
	if (!str_cut(&rest, STR(";"), &head))
		return false;
	while (str_eat_chr(&head, ',')) {
		if (!str_chr(head, ',', &n))
			n = head.n;
		field = str_head(head, n);
		head = str_from_at(head, n);
		if (str_eq_z(field, "c"))
			q.fragment = true;
		else if (str_eat(&field, STR("caller=")))
			q.caller = field;
		else if (str_eat(&field, STR("ncfrag=")) && !take_frag(&q, field))
			return false;
	}
	if (head.n > 0)
		return false;
	q.facility = (int)(pri >> 3), q.level = (int)(pri & 7);
	q.seq = (int64_t)seq;
	q.mono_us = us;
	q.text = rest;
	q.escaped = true;
	q.rest = REST_TEXT;
	/* User space cannot write facility 0: devkmsg_write() makes it LOG_USER. */
	q.kernel_known = q.facility == 0;
	*p = q;
	return true;
}

bool
prefix_kmsg(struct prefix *p, struct prefix_memory *m)
{
	(void)m;
	return p->text.n >= 6 && str_is_digit(*p->text.p) && take_header(p, p->text);
}

/* "6.4.0,6,444,501151268,-;text": newer kernels say who they are first. */
bool
prefix_netconsole(struct prefix *p, struct prefix_memory *m)
{
	struct str s = p->text, release;
	(void)m;

	if (s.n < 12 || !str_is_digit(*s.p) || !str_cut(&s, STR(","), &release) || release.n > 64 ||
	    !str_has(release, STR(".")) || s.n == 0 || !str_is_digit(*s.p))
		return false;
	if (!take_header(p, s))
		return false;
	p->kernel_known = false; /* anybody can send a datagram */
	return true;
}
