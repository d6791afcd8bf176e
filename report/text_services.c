/* Who held the processes' part of the memory; and how a part of the whole is shown. */
#include "report/text.h"

#include "base/escape.h"

enum {
	BAR_WIDTH = 24, /* in a line of */
	BAR_COLUMNS = 96,
	BAR_MIN = 6,
	NAME_WIDTH = 28,
	SERVICES_SHOWN = 5,
	SMALL_PERMILLE = 10, /* what is smaller is counted among the others */
};

/* Integers all the way: a share in thousandths of the total. */
static int64_t
permille(int64_t kb, int64_t total)
{
	if (!known(kb) || !known(total) || total <= 0 || kb < 0)
		return 0;
	if (kb >= total)
		return 1000;
	return kb < INT64_MAX / 1000 ? kb * 1000 / total : kb / (total / 1000 + 1);
}

/* In a narrower window the bar gives way first. */
static int
bar_width(int columns)
{
	int width = BAR_WIDTH - (BAR_COLUMNS - columns) / 2;

	return columns <= 0 || columns >= BAR_COLUMNS ? BAR_WIDTH
	       : width < BAR_MIN		      ? BAR_MIN
						      : width;
}

static void
put_bar(struct report *rep, int64_t kb, int64_t total)
{
	FILE *out = rep->out;
	int width = bar_width(rep->opts.columns);
	int64_t n = permille(kb, total);
	int filled = (int)((n * width + 500) / 1000);

	if (!known(total) || total <= 0)
		return;
	fputs("  ", out);
	for (int i = 0; i < width; i++)
		putc(i < filled ? '#' : ' ', out);
	if (kb > 0 && n < 10)
		fputs("  < 1 %", out);
	else
		fprintf(out, "  %3lld %%", (long long)((n + 5) / 10));
}

void
text_part(struct report *rep, int indent, const char *what, int64_t kb, int64_t total)
{
	fprintf(rep->out, "%*s%-*s %10s", indent, "", NAME_WIDTH - indent, what, words_kb(kb).s);
	put_bar(rep, kb, total);
}

static void
put_service_name(FILE *out, const struct service *s)
{
	struct str name = s->name.n == 0 ? STR("(no name)") : s->name;
	bool both = s->comm.n > 0 && !str_eq(s->comm, s->name);
	int n = 4 + width_of(name);

	fputs("    ", out);
	str_put_escaped(out, name);
	if (both) {
		fputs(" (", out);
		str_put_escaped(out, s->comm);
		putc(')', out);
		n += 3 + width_of(s->comm);
	}
	if (s->ntasks > 1)
		n += fprintf(out, " x %zu", s->ntasks);
	fprintf(out, "%*s", n < NAME_WIDTH ? NAME_WIDTH - n : 0, "");
}

/* Who is meant is clear from the name, unless it is our word for several programs. */
static void
put_service(struct report *rep, const struct service *s, int64_t total)
{
	FILE *out = rep->out;
	const char *sep = "  ";

	put_service_name(out, s);
	fprintf(out, " %10s", words_kb(s->private_kb).s);
	put_bar(rep, s->private_kb, total);
	if (s->victim) {
		fprintf(out, "%skilled", sep);
		sep = ", ";
	}
	if (s->witnessed && !str_eq(s->place.name, s->name)) {
		fprintf(out, "%sin ", sep);
		str_put_escaped(out, s->place.name);
		sep = ", ";
	}
	if (known(s->swap_kb) && s->swap_kb >= 1024)
		fprintf(out, "%s%s more in swap", sep, words_kb(s->swap_kb).s);
	putc('\n', out);
}

static void
put_other_services(struct report *rep, const struct services *all, size_t shown, int64_t total)
{
	int64_t kb = 0, n = 0;
	char what[64];

	for (size_t i = shown; i < all->n; i++) {
		n += (int64_t)all->v[i].ntasks;
		if (known(all->v[i].private_kb) &&
		    __builtin_add_overflow(kb, all->v[i].private_kb, &kb))
			kb = INT64_MAX;
	}
	if (n == 0)
		return;
	snprintf(what, sizeof(what), "%s", words_count(n, "other process", "other processes").s);
	text_part(rep, 4, what, kb, total);
	putc('\n', rep->out);
}

static void
put_counted_twice(struct report *rep, int64_t kb)
{
	char says[160];

	snprintf(says, sizeof(says),
	    "(at most: processes share memory; at least %s is counted more than once)",
	    words_kb(kb).s);
	put_wrapped(rep, str_from(says), 4);
}

void
text_services(struct report *rep, const struct finding *f, int64_t total)
{
	const struct services *all = f->services;
	size_t most = rep->opts.verbose ? SIZE_MAX : SERVICES_SHOWN, n = 0;

	if (all == NULL || all->n == 0 || !known(all->v[0].private_kb))
		return;
	while (n < all->n && n < most &&
	       (n == 0 || rep->opts.verbose ||
		   permille(all->v[n].private_kb, total) >= SMALL_PERMILLE))
		n++;
	for (size_t i = 0; i < n; i++)
		put_service(rep, &all->v[i], total);
	put_other_services(rep, all, n, total);
	if (known(all->counted_twice_kb) && all->counted_twice_kb >= 1024)
		put_counted_twice(rep, all->counted_twice_kb);
}
