#include "ingest/pstore.h"

#include "base/mem.h"

#include <stdlib.h>

struct part {
	struct pstore_head head;
	size_t at, n; /* in the text */
	int64_t line;
};

struct pstore {
	struct entry_buffer text;
	struct part *parts;
	size_t nparts, cap, next;
};

bool
pstore_head(struct str line, struct pstore_head *ret)
{
	static const char *const reasons[] = { "Oops", "Panic", "Emergency", "Restart", "Shutdown",
		"Halt", "Poweroff", "Unknown" };
	struct str reason;

	if (line.n > 64 || !str_cut(&line, STR("#"), &reason) || !str_eat_i64(&line, &ret->dump) ||
	    !str_eat(&line, STR(" Part")) || !str_eat_i64(&line, &ret->part) || line.n > 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (str_eq_z(reason, reasons[i]))
			return true;
	}
	return false;
}

bool
pstore_is_mark(struct str line)
{
	uint64_t n;

	return line.n < 40 && str_eat(&line, STR("====")) && str_eat_u64(&line, &n) &&
	       str_eat_chr(&line, '.') && str_eat_u64(&line, &n) && line.n <= 2;
}

int
pstore_compare(const struct pstore_head *a, const struct pstore_head *b)
{
	if (a->dump != b->dump)
		return a->dump < b->dump ? -1 : 1;
	return (a->part < b->part) - (a->part > b->part);
}

static int
by_age(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int order = pstore_compare(&x->head, &y->head);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static int
add_part(struct pstore *ps, struct pstore_head head, int64_t line, struct err *err)
{
	struct part *parts = mem_room(ps->parts, ps->nparts, &ps->cap, sizeof(*parts));

	if (parts == NULL)
		return err_no_memory(err);
	ps->parts = parts;
	parts[ps->nparts++] = (struct part){ head, ps->text.n, 0, line };
	return 0;
}

/* 0; 1: enough was read; -1 and *err. */
static int
add_line(struct pstore *ps, struct line line, struct err *err)
{
	struct pstore_head head;
	struct part *last;
	int full;

	if (pstore_is_mark(line.text))
		return 0;
	if (pstore_head(line.text, &head))
		return add_part(ps, head, line.number + 1, err);
	/* "====" alone: ramoops before the parts had heads */
	if (ps->nparts == 0 && add_part(ps, (struct pstore_head){ 0, 0 }, line.number, err) == -1)
		return -1;
	full = entry_add(&ps->text, line.text, err);
	if (full == 0)
		full = entry_add(&ps->text, STR("\n"), err);
	last = &ps->parts[ps->nparts - 1];
	last->n = ps->text.n - last->at;
	return full;
}

struct pstore *
pstore_read(struct lines *l, struct line line, struct err *err)
{
	struct pstore *ps = mem_alloc(sizeof(*ps));
	enum lines_status st = LINES_LINE;
	int full = 0;

	if (ps == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*ps = (struct pstore){ .nparts = 0 };
	while (st == LINES_LINE && (full = add_line(ps, line, err)) == 0)
		st = lines_next(l, &line, err);
	if (st == LINES_ERROR || full == -1) {
		pstore_free(ps);
		return NULL;
	}
	if (ps->nparts > 0)
		qsort(ps->parts, ps->nparts, sizeof(*ps->parts), by_age);
	return ps;
}

bool
pstore_next(struct pstore *ps, struct str *ret_text, int64_t *ret_line)
{
	const struct part *part;

	if (ps->next == ps->nparts)
		return false;
	part = &ps->parts[ps->next++];
	*ret_text = part->n == 0 ? STR("") : (struct str){ ps->text.p + part->at, part->n };
	*ret_line = part->line;
	return true;
}

void
pstore_free(struct pstore *ps)
{
	if (ps == NULL)
		return;
	mem_free(ps->text.p);
	mem_free(ps->parts);
	mem_free(ps);
}
