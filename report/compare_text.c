#include "report/compare.h"

#include "base/escape.h"
#include "report/text.h"

#include <inttypes.h>

enum { NAME_WIDTH = 30, VALUE_WIDTH = 21 };

static const char *const titles[COMPARE_PARTS] = { "WHAT HAPPENED", "LIMITS", "MEMORY",
	"SERVICES, WHAT GREW MOST FIRST", "ZONES" };

/* width 0: nothing follows. */
static void
put_padded(FILE *out, struct str s, int width)
{
	int used = width_of(s);

	str_put_escaped(out, s);
	if (width > 0)
		fprintf(out, "%*s", used < width ? width - used : 1, "");
}

static struct words
words_of(const struct compare_row *row, int side)
{
	struct words w;

	if (!known(row->number[side]) || row->processes[side] == 0) {
		snprintf(w.s, sizeof(w.s), "-");
		return w;
	}
	w = row->unit == COMPARE_KB ? words_kb(row->number[side]) : words_number(row->number[side]);
	if (known(row->processes[side]) && row->processes[side] != 1) {
		struct words one = w;

		snprintf(w.s, sizeof(w.s), "%.30s in %" PRId64, one.s, row->processes[side]);
	}
	return w;
}

/* The difference; nothing where there is none to tell. */
static struct words
difference(const struct compare_row *row)
{
	struct words w = { "" }, n;

	if (row->unit == COMPARE_TEXT) {
		snprintf(w.s, sizeof(w.s), "%s", row->differs ? "differs" : "");
	} else if (known(row->delta)) {
		n = row->unit == COMPARE_KB ? words_kb(row->delta) : words_number(row->delta);
		snprintf(w.s, sizeof(w.s), "%s%.40s", row->delta > 0 ? "+" : "", n.s);
	}
	return w;
}

static void
put_row(FILE *out, const struct compare_row *row)
{
	struct words delta = difference(row);

	fputs("  ", out);
	put_padded(out, row->name.n == 0 ? STR("(no name)") : row->name, NAME_WIDTH);
	for (int side = 0; side < 2; side++) {
		struct words w = words_of(row, side);
		struct str text = row->unit != COMPARE_TEXT   ? str_from(w.s)
				  : row->text[side].p == NULL ? STR("-")
							      : row->text[side];

		put_padded(out, text, side == 0 || delta.s[0] != '\0' ? VALUE_WIDTH : 0);
	}
	fprintf(out, "%s\n", delta.s);
}

/* What changed least is in the middle of a part that is sorted. */
static bool
is_worth_a_line(const struct compare_row *row, size_t above, size_t below)
{
	if (!row->differs)
		return row->part == COMPARE_EVENT || row->part == COMPARE_LIMITS;
	if (row->part != COMPARE_MEMORY && row->part != COMPARE_SERVICES)
		return true;
	return row->delta > 0 ? above < COMPARE_ROWS : below < COMPARE_ROWS;
}

static void
put_part(struct report *rep, const struct compare *c, size_t from, size_t to)
{
	size_t left_out = 0;

	fprintf(rep->out, "\n%s%s\n", titles[c->rows[from].part],
	    c->rows[from].part == COMPARE_MEMORY && c->memory_is_machine ? " OF THE MACHINE" : "");
	for (size_t i = from; i < to; i++) {
		if (rep->opts.verbose || is_worth_a_line(&c->rows[i], i - from, to - 1 - i))
			put_row(rep->out, &c->rows[i]);
		else
			left_out++;
	}
	if (left_out > 0)
		fprintf(rep->out, "  and %s with less of a difference, or none\n",
		    words_count((int64_t)left_out, "other", "others").s);
}

static void
put_event(struct report *rep, const char *which, const struct event *ev)
{
	fprintf(rep->out, "  %s event %s, ", which, ev->id);
	text_when(rep, ev->real_us, ev->mono_us);
	putc('\n', rep->out);
}

/* "3 d 4 h" */
static void
put_apart(FILE *out, int64_t us)
{
	int64_t minutes = (us < 0 ? -us : us) / 60000000;

	fprintf(out, "  the second is %" PRId64 " d %" PRId64 " h %" PRId64 " min %s\n",
	    minutes / 1440, minutes / 60 % 24, minutes % 60, us < 0 ? "earlier" : "later");
}

void
compare_text(
    struct report *rep, const struct finding *a, const struct finding *b, const struct compare *c)
{
	put_wrapped(rep, c->says, 0);
	put_event(rep, "first: ", a->event);
	put_event(rep, "second:", b->event);
	if (known(c->apart_us))
		put_apart(rep->out, c->apart_us);
	for (size_t from = 0, to; from < c->n; from = to) {
		for (to = from; to < c->n && c->rows[to].part == c->rows[from].part;)
			to++;
		put_part(rep, c, from, to);
	}
	if (!c->memory_is_comparable)
		fputs("\nWhere the memory was cannot be compared: the logs tell it of different "
		      "things.\n",
		    rep->out);
}
