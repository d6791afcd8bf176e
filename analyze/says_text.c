/* Names and numbers as people say them. */
#include "analyze/arith.h"
#include "analyze/says.h"

#include <inttypes.h>

struct str
name_text(struct arena *mem, struct str comm, int64_t pid)
{
	const char *who = comm.n > 0 ? "" : "a process without a name";

	if (!known(pid))
		return arena_printf(mem, "%s%.*s", who, STR_ARG(comm));
	return arena_printf(mem, "%s%.*s (pid %" PRId64 ")", who, STR_ARG(comm), pid);
}

struct str
size_text(struct arena *mem, int64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
	int64_t unit = 1024, whole, tenths;
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(units) && bytes / unit >= 1024) {
		unit *= 1024;
		i++;
	}
	tenths = (bytes % unit * 10 + unit / 2) / unit;
	whole = bytes / unit + tenths / 10;
	return arena_printf(mem, "%" PRId64 ".%" PRId64 " %s", whole, tenths % 10, units[i]);
}

struct str
pages_text(const struct inquiry *q, int64_t pages)
{
	struct arena *mem = &q->ev->mem;
	const char *unit = pages == 1 ? "page" : "pages";
	struct str size;

	if (!known(q->total->page_size) || pages < 0)
		return arena_printf(mem, "%" PRId64 " %s", pages, unit);
	size = size_text(mem, times(pages, q->total->page_size));
	if (size.p == NULL)
		return STR_NONE;
	return arena_printf(mem, "%" PRId64 " %s (%.*s)", pages, unit, STR_ARG(size));
}

struct str
badness_text(const struct inquiry *q, size_t row)
{
	int64_t badness = q->rank->key[row];

	if (q->formula->era->scale == SCALE_THOUSANDTHS && known(q->formula->total))
		return arena_printf(&q->ev->mem, "%" PRId64 " of 1000", badness);
	/* With oom_score_adj in it, it is not a size. */
	if (q->rank->scores[row].adj_pages != 0)
		return arena_printf(
		    &q->ev->mem, "%" PRId64 " %s", badness, badness == 1 ? "page" : "pages");
	return pages_text(q, badness);
}

struct str
with_name(struct arena *mem, struct str name, const char *rest)
{
	return name.p == NULL ? STR_NONE : arena_printf(mem, "%.*s%s", STR_ARG(name), rest);
}
