/* The whole way, from bytes to every format. */
#include "analyze/verdict.h"
#include "fuzz/file.h"
#include "fuzz/fuzz.h"
#include "parse/parser.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>

static int
keep(void *ctx, struct event *ev, struct err *err)
{
	struct finding f = { .event = ev, .verdict = verdict_of(ev), .ledgers = ledgers_of(ev) };

	f.services = services_of(ev, f.ledgers, NULL);
	f.diagnoses = diagnoses_of(ev, f.verdict, f.ledgers);

	return incident_add(ctx, f, 0) == -1 ? err_no_memory(err) : 0;
}

static void
read_events(const char *path, struct incident_list *list, struct scan *wanted)
{
	struct source_opts opts = fuzz_source_opts();
	struct record rec;
	struct err err;
	struct parser *p = parser_new(keep, list, &err);
	struct source *src = source_open(path, &opts, &err);

	while (src != NULL &&
	       source_next(src, parser_idle(p) ? wanted : NULL, &rec, &err) == SOURCE_RECORD)
		if (parser_feed(p, &rec, &err) == -1)
			abort();
	if (parser_end(p, &err) == -1)
		abort();
	source_close(src);
	parser_free(p);
}

/* Nothing that moves a cursor, and nothing that is not UTF-8, may reach the reader. */
static void
check_text(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t')
			abort();
}

static void
render_all(const struct incident_list *list)
{
	const struct searched searched = { .events = 1 };
	const struct digest digest = { .searched = &searched, .incidents = list };
	const struct renderer *r;

	for (size_t i = 0; (r = renderer_at(i)) != NULL; i++) {
		char *text = NULL;
		size_t n = 0;
		struct err err;
		struct report report = { .out = open_memstream(&text, &n) };

		if (report.out == NULL)
			abort();
		report_begin(r, &report);
		for (size_t k = 0; k < list->n; k++)
			for (size_t e = 0; e < list->v[k].n; e++)
				r->event(&report, &list->v[k].v[e]);
		report_incidents(r, &report, &digest);
		if (report_finish(&report, &err) == -1)
			abort();
		fclose(report.out);
		check_text(text, n);
		free(text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct incident_list list = { .keep = 5 };
	struct scan *wanted = parser_anchors();
	struct fuzz_file in = fuzz_file_open(data, size);

	read_events(in.path, &list, wanted);
	render_all(&list);
	incident_list_done(&list);
	fuzz_file_close(&in);
	scan_free(wanted);
	return 0;
}
