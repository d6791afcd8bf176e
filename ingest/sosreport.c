#include "ingest/sosreport.h"

#include "base/mem.h"

void
sosreport_enter(struct sosreport *s, struct str path, enum member_kind kind)
{
	struct str top = member_report_of(path);

	s->kind = kind;
	s->inside = top.p != NULL && top.n < sizeof(s->name);
	if (!s->inside || str_eq(str_from(s->name), top))
		return;
	memcpy(s->name, top.p, top.n);
	s->name[top.n] = '\0';
	s->facts = (struct member_facts){ .boot_us = UNKNOWN };
	member_learn_report(&s->facts, top);
}

int
sosreport_learn(struct sosreport *s, lines_read *read, void *ctx, struct err *err)
{
	char *bytes = mem_alloc(MEMBER_FACT_MAX);
	size_t n = 0;
	ssize_t got = 1;

	if (bytes == NULL)
		return err_no_memory(err);
	while (got > 0 && n < MEMBER_FACT_MAX) {
		got = read(ctx, bytes + n, MEMBER_FACT_MAX - n, err);
		n += got > 0 ? (size_t)got : 0;
	}
	if (s->inside)
		member_learn(&s->facts, s->kind, (struct str){ bytes, n });
	mem_free(bytes);
	return 0;
}

void
sosreport_complete(const struct sosreport *s, struct record *r)
{
	if (s->inside)
		member_complete(&s->facts, s->kind, r);
}
