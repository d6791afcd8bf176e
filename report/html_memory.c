/* Where the memory was: a bar, the same as a table, and the zones against their watermarks. */
#include "report/html.h"

#include "base/escape.h"

enum {
	BAR_WIDTH = 1000, /* of the viewBox */
	BAR_HEIGHT = 44,
	LABEL_MIN = 90, /* a part narrower than this has no room for a label */
	ZONES_SHOWN = 24,
};

/* A colour for what is alike: processes', caches, the kernel's, free; see html_page.c. */
static unsigned
colour_of(enum ledger_name name)
{
	switch (name) {
	case LEDGER_ANON:
		return 0;
	case LEDGER_SHMEM:
		return 1;
	case LEDGER_FILE:
	case LEDGER_CACHE:
		return 2;
	case LEDGER_HUGETLB:
		return 3;
	case LEDGER_UNEVICTABLE:
	case LEDGER_ISOLATED:
		return 6;
	case LEDGER_SLAB:
	case LEDGER_SLAB_RECLAIMABLE:
	case LEDGER_SLAB_UNRECLAIMABLE:
		return 4;
	case LEDGER_FREE:
	case LEDGER_FREE_PCP:
		return 9;
	default:
		return ledger_is_kernel(name) ? 5 : 7;
	}
}

enum { COLOUR_UNACCOUNTED = 8 };

static int64_t
permille(int64_t kb, int64_t total_kb)
{
	int64_t n;

	if (total_kb <= 0 || kb < 0 || __builtin_mul_overflow(kb, (int64_t)1000, &n))
		return 0;
	return n / total_kb;
}

static int
put_part(struct html *h, int at, unsigned colour, const char *what, int64_t kb, int64_t total_kb)
{
	int width = (int)permille(kb, total_kb);

	if (width <= 0 || at + width > BAR_WIDTH)
		return at;
	fprintf(h->out, "<rect class=\"c%u\" x=\"%d\" width=\"%d\" height=\"%d\"><title>", colour,
	    at, width, BAR_HEIGHT);
	html_z(h, what);
	fprintf(h->out, ": %s</title></rect>", words_kb(kb).s);
	if (width >= LABEL_MIN) {
		fprintf(h->out, "<text x=\"%d\" y=\"%d\">", at + 2, BAR_HEIGHT + 16);
		html_z(h, words_kb(kb).s);
		fputs("</text>", h->out);
	}
	return at + width;
}

static void
put_bar(struct html *h, const struct ledger *l)
{
	int at = 0;

	fprintf(h->out,
	    "<figure style=\"margin:0\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"The parts of %s; the table below has the same figures\">",
	    BAR_WIDTH, BAR_HEIGHT + 24, words_kb(l->total_kb).s);
	fprintf(h->out, "<rect class=\"back\" width=\"%d\" height=\"%d\"/>", BAR_WIDTH, BAR_HEIGHT);
	for (size_t i = 0; i < l->n; i++)
		at = put_part(h, at, colour_of(l->v[i].name), ledger_entry_words(l->v[i].name),
		    l->v[i].kb, l->total_kb);
	if (known(l->unaccounted_kb))
		put_part(
		    h, at, COLOUR_UNACCOUNTED, "not accounted for", l->unaccounted_kb, l->total_kb);
	fputs("</svg></figure>\n", h->out);
}

static void
put_row(struct html *h, unsigned colour, const char *what, int64_t kb, int64_t total_kb)
{
	int64_t n = permille(kb, total_kb);

	fprintf(h->out, "<tr><th scope=\"row\"><span class=\"key c%u\"></span>", colour);
	html_z(h, what);
	fputs("</th>", h->out);
	html_cell(h, words_kb(kb).s);
	fprintf(h->out, "<td class=\"n\">%lld.%lld %%</td></tr>\n", (long long)(n / 10),
	    (long long)(n % 10));
}

static void
put_ledger(struct html *h, const struct ledger *l)
{
	if (known(l->total_kb) && l->total_kb > 0)
		put_bar(h, l);
	html_table(h, NULL, "What|#Size|#Share");
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].kb > 0)
			put_row(h, colour_of(l->v[i].name), ledger_entry_words(l->v[i].name),
			    l->v[i].kb, l->total_kb);
	}
	if (known(l->unaccounted_kb))
		put_row(h, COLOUR_UNACCOUNTED, "not accounted for", l->unaccounted_kb, l->total_kb);
	fputs("<tr><th scope=\"row\">in all</th>", h->out);
	html_cell(h, words_kb(l->total_kb).s);
	fputs("<td></td></tr>\n", h->out);
	html_table_end(h);
	if (l->partial)
		fputs("<p class=\"dim\">The log does not print every class, so the remainder "
		      "cannot be told from what is missing.</p>\n",
		    h->out);
}

/* Where the free memory of a zone stands among the marks at which the kernel acts. */
static const char *
state_of(const struct zone *z)
{
	if (!known(z->free_kb) || !known(z->min_kb))
		return "unknown";
	if (z->free_kb < z->min_kb)
		return "below min: only the kernel's own emergencies may take more";
	if (known(z->low_kb) && z->free_kb < z->low_kb)
		return "below low: being reclaimed";
	if (known(z->high_kb) && z->free_kb < z->high_kb)
		return "below high";
	return "above high";
}

static void
put_zone_picture(FILE *out, const struct zone *z)
{
	const int64_t marks[] = { z->min_kb, z->low_kb, z->high_kb };
	int64_t most = z->free_kb;

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		most = known(marks[i]) && marks[i] > most ? marks[i] : most;
	fputs("<td>", out);
	if (known(z->free_kb) && most > 0) {
		fputs("<svg viewBox=\"0 0 1000 60\" preserveAspectRatio=\"none\" "
		      "aria-hidden=\"true\" style=\"min-width:7rem;height:1rem\">"
		      "<rect class=\"back\" width=\"1000\" height=\"60\"/>",
		    out);
		fprintf(out, "<rect class=\"c9\" width=\"%lld\" height=\"60\"/>",
		    (long long)permille(z->free_kb, most));
		for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
			long long x = (long long)permille(marks[i], most);

			if (known(marks[i]))
				fprintf(out,
				    "<line class=\"mark\" x1=\"%lld\" x2=\"%lld\" y2=\"60\" "
				    "vector-effect=\"non-scaling-stroke\"/>",
				    x, x);
		}
		fputs("</svg>", out);
	}
	fputs("</td>", out);
}

static void
put_zones(struct html *h, const struct memory *m)
{
	html_table(h, "Free memory of each zone, and the marks at which the kernel acts",
	    "Zone|#Free|#min|#low|#high|Picture|State");
	for (size_t i = 0; i < m->nzones && i < ZONES_SHOWN; i++) {
		const struct zone *z = &m->zones[i];

		fputs("<tr><th scope=\"row\">", h->out);
		html_str(h, z->name);
		if (known(z->node))
			fprintf(h->out, " of node %lld", (long long)z->node);
		fputs("</th>", h->out);
		html_cell(h, words_kb(z->free_kb).s);
		html_cell(h, words_kb(z->min_kb).s);
		html_cell(h, words_kb(z->low_kb).s);
		html_cell(h, words_kb(z->high_kb).s);
		put_zone_picture(h->out, z);
		fprintf(h->out, "<td>%s</td></tr>\n", state_of(z));
	}
	html_table_end(h);
	if (m->nzones > ZONES_SHOWN)
		fprintf(
		    h->out, "<p class=\"dim\">and %zu more zones.</p>\n", m->nzones - ZONES_SHOWN);
}

void
html_memory(struct html *h, const struct finding *f)
{
	const struct ledger *l = f->ledgers == NULL ? NULL : f->ledgers->scope;
	const struct memory *m = &f->event->memory;

	if ((l == NULL || l->n == 0) && m->nzones == 0)
		return;
	html_section(h, "memory",
	    l != NULL && l->scope == LEDGER_MEMCG ? "Where the cgroup's memory was"
						  : "Where the memory was");
	if (l != NULL && l->n > 0)
		put_ledger(h, l);
	if (m->nzones > 0)
		put_zones(h, m);
	html_section_end(h);
}
