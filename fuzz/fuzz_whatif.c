/* Questions about whatever events come of the bytes: whatif of each, compare of each two. */
#include "analyze/verdict.h"
#include "fuzz/file.h"
#include "fuzz/fuzz.h"
#include "parse/parser.h"
#include "report/compare.h"
#include "report/whatif.h"

#include <stdio.h>
#include <stdlib.h>

enum { EVENTS_MAX = 4 };

struct events {
	struct finding v[EVENTS_MAX];
	size_t n;
};

static int
keep(void *ctx, struct event *ev, struct err *err)
{
	struct events *all = ctx;
	struct finding *f = &all->v[all->n];

	(void)err;
	if (ev->kind != EVENT_KERNEL_OOM || all->n == EVENTS_MAX) {
		event_free(ev);
		return 0;
	}
	*f = (struct finding){ .event = ev, .verdict = verdict_of(ev), .ledgers = ledgers_of(ev) };
	f->services = services_of(ev, f->ledgers, NULL);
	all->n++;
	return 0;
}

static void
read_events(const char *path, struct events *all)
{
	struct source_opts opts = fuzz_source_opts();
	struct record rec;
	struct err err;
	struct parser *p = parser_new(keep, all, &err);
	struct source *src = source_open(path, &opts, &err);

	while (src != NULL && source_next(src, NULL, &rec, &err) == SOURCE_RECORD)
		if (parser_feed(p, &rec, &err) == -1)
			abort();
	if (parser_end(p, &err) == -1)
		abort();
	source_close(src);
	parser_free(p);
}

/* Both formats, or abort(). */
static void
tell(const struct finding *f, const struct whatif *w, const struct whatif_ask *ask)
{
	char *text = NULL;
	size_t n = 0;
	struct report rep = { .out = open_memstream(&text, &n), .opts = { .verbose = true } };
	struct err err;

	if (rep.out == NULL)
		abort();
	whatif_text(&rep, f, w);
	if (whatif_json(rep.out, f, w, ask) != 0 || report_finish(&rep, &err) == -1)
		abort();
	fclose(rep.out);
	free(text);
}

/* Of its own processes: who is not there is refused before anything is computed. */
static void
ask_about(const struct finding *f, int64_t size_kb)
{
	const struct task_table *table = &f->event->tasks;
	struct whatif_adj adj = { { UNKNOWN, STR_NONE }, 500 };
	struct whatif_who who[3] = { { UNKNOWN, STR("nobody") }, { UNKNOWN, STR_NONE },
		{ UNKNOWN, STR_NONE } };
	struct whatif_ask ask = { .adj = &adj,
		.why_not = who,
		.gone = &who[2],
		.nwhy_not = 2,
		.limit_kb = size_kb,
		.ram_kb = size_kb,
		.swap_kb = size_kb };
	struct whatif w;
	struct err err;

	if (table->n > 0) {
		adj.who.name = table->v[table->n - 1].comm;
		who[1].name = table->v[0].comm;
		who[2].pid = table->v[table->n / 2].pid;
		ask.nadj = known(size_kb);
		ask.ngone = known(size_kb) && known(who[2].pid);
	}
	if (whatif_make(&w, f->event, f->verdict, f->services, &ask, &err) == 0)
		tell(f, &w, &ask);
	whatif_done(&w);
}

static void
hold_against(const struct finding *a, const struct finding *b)
{
	struct compare_side sa = { a->event, a->verdict, a->ledgers, a->services };
	struct compare_side sb = { b->event, b->verdict, b->ledgers, b->services };
	char *text = NULL;
	size_t n = 0;
	struct report rep = { .out = open_memstream(&text, &n) };
	struct compare c;

	if (rep.out == NULL || compare_make(&c, &sa, &sb) != 0)
		abort();
	compare_text(&rep, a, b, &c);
	if (compare_json(rep.out, a, b, &c) != 0)
		abort();
	compare_done(&c);
	fclose(rep.out);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct events all = { .n = 0 };
	struct fuzz_file in = fuzz_file_open(data, size);

	read_events(in.path, &all);
	for (size_t i = 0; i < all.n; i++) {
		ask_about(&all.v[i], UNKNOWN);
		ask_about(&all.v[i], INT64_MAX);
		ask_about(&all.v[i], 0);
		hold_against(&all.v[i], &all.v[all.n - 1]);
	}
	for (size_t i = 0; i < all.n; i++)
		event_free(all.v[i].event);
	fuzz_file_close(&in);
	return 0;
}
