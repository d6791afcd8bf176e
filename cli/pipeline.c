#include "cli/pipeline.h"

#include "base/mem.h"
#include "cli/histories.h"
#include "cli/judge.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/readings.h"
#include "cli/resume.h"
#include "parse/parser.h"

/* What the parser's sink needs to know. */
struct flow {
	struct pipeline *p;
	const struct source *src;   /* the one being read */
	struct searched_source *at; /* the same */
	unsigned number;	    /* of it, or of the member of it */
	struct histories histories;
	struct progress progress;
	struct source_opts source;
};

struct reader {
	struct parser *parser;
	struct scan *anchors;
};

static int
judge_next(struct flow *flow, struct finding *f, bool *ret_wanted)
{
	struct history *before = histories_get(&flow->histories, f->event, flow->number);

	if (before == NULL || judge(flow->p->opts, f, before, ret_wanted) != 0)
		return -1;
	/* Also what the filters leave out: it was killed all the same. */
	if (f->event->kind == EVENT_KERNEL_OOM)
		history_add(before, f->event);
	return 0;
}

static int
take_event(void *ctx, struct event *ev, struct err *err)
{
	struct flow *flow = ctx;
	struct pipeline *p = flow->p;
	struct finding f = { .event = ev };
	bool wanted;

	p->searched.events++;
	ev->format = source_stats(flow->src).format;
	if (judge_next(flow, &f, &wanted) != 0) {
		event_free(ev);
		return err_no_memory(err);
	}
	if (!wanted) {
		p->searched.filtered++;
		event_free(ev);
		return 0;
	}
	progress_clear(&flow->progress);
	return p->sink(p->ctx, f, flow->number, err);
}

static void
take_note(void *ctx, const struct note *note)
{
	struct flow *flow = ctx;

	flow->p->note(flow->p->ctx, note, flow->number);
}

static void
note_stats(struct searched_source *to, const struct source *src)
{
	struct source_stats st = source_stats(src);

	to->format = st.packing != NULL ? st.packing : st.format;
	to->members = st.members;
	to->members_passed = st.members_passed;
	to->members_unread = st.members_unread;
	to->bytes = st.bytes;
	to->lines = st.lines;
	to->records = st.records;
	to->first_us = st.first_us;
	to->last_us = st.last_us;
	to->first_mono_us = st.first_mono_us;
	to->last_mono_us = st.last_mono_us;
	to->long_lines = st.long_lines;
	to->lost_records = st.lost_records;
}

/* This input is lost, the others are not. */
static int
note_failure(struct pipeline *p, struct searched_source *to, const struct err *why, struct err *err)
{
	message("%s", why->msg);
	p->failed = true;
	if (to->failed != NULL) /* the first is kept */
		return 0;
	to->failed = arena_dup(&p->mem, str_from(why->msg)).p;
	return to->failed == NULL ? err_no_memory(err) : 0;
}

struct searched_source *
pipeline_add_source(struct pipeline *p, const char *path)
{
	size_t cap = p->searched.n;
	struct searched_source *v = mem_room(p->searched.v, p->searched.n, &cap, sizeof(*v));

	if (v == NULL)
		return NULL;
	p->searched.v = v;
	v += p->searched.n++;
	*v = (struct searched_source){ .path = path,
		.first_us = UNKNOWN,
		.last_us = UNKNOWN,
		.first_mono_us = UNKNOWN,
		.last_mono_us = UNKNOWN };
	return v;
}

/* 1: the source is at its end, 0: it failed (*why), -1: the run has to stop (*err). */
static int
read_all(struct flow *flow, struct source *src, const struct reader *rd, struct err *why,
    struct err *err)
{
	struct record rec;

	for (;;) {
		const struct scan *wanted = parser_idle(rd->parser) ? rd->anchors : NULL;
		enum source_status st = source_next(src, wanted, &rec, why);

		switch (st) {
		case SOURCE_RECORD:
			resume_note(flow->p, src, rd->parser, &rec);
			if (parser_feed(rd->parser, &rec, err) != 0)
				return -1;
			break;
		case SOURCE_MEMBER:
			if (parser_end(rd->parser, err) != 0)
				return -1;
			flow->number++;
			break;
		case SOURCE_UNREAD:
			progress_clear(&flow->progress);
			if (note_failure(flow->p, flow->at, why, err) != 0)
				return -1;
			break;
		default:
			return st == SOURCE_ERROR ? 0 : 1;
		}
	}
}

static int
read_source(
    struct flow *flow, const struct reading *reading, const struct reader *rd, struct err *err)
{
	struct pipeline *p = flow->p;
	struct err why = { "" };
	struct source *src = NULL;
	int got;

	flow->at = pipeline_add_source(p, arena_printf(&p->mem, "%s", reading->label).p);
	if (flow->at == NULL || flow->at->path == NULL)
		return err_no_memory(err);
	if (reading->set->failed != NULL)
		err_set(&why, "%s", reading->set->failed);
	else
		src = resume_open(p, reading, &flow->source, rd->parser, &why);
	if (src == NULL)
		return note_failure(p, flow->at, &why, err);
	flow->src = src;
	got = read_all(flow, src, rd, &why, err);
	if (got >= 0) {
		resume_note_end(p, src, rd->parser);
		if (parser_end(rd->parser, err) != 0)
			got = -1;
	}
	note_stats(flow->at, src);
	source_close(src);
	flow->number++;
	return got == 0 ? note_failure(p, flow->at, &why, err) : got < 0 ? -1 : 0;
}

int
pipeline_run(struct pipeline *p, struct err *err)
{
	struct flow flow = { .p = p, .source = p->opts->source };
	struct reader rd = { parser_new(take_event, &flow, err), parser_anchors() };
	struct readings readings;
	int failed = p->set != NULL ? readings_of_set(&readings, p->set, err)
				    : readings_make(&readings, p->opts, err);

	if (rd.parser == NULL || rd.anchors == NULL)
		failed = err_no_memory(err);
	else if (p->note != NULL)
		parser_take_notes(rd.parser, take_note, &flow);
	progress_begin(&flow.progress, &readings, &p->searched.events, &flow.source);
	p->searched.files_passed += readings.list.passed;
	for (size_t i = 0; i < readings.n && failed == 0; i++)
		failed = read_source(&flow, &readings.v[i], &rd, err);
	progress_clear(&flow.progress);
	parser_free(rd.parser);
	scan_free(rd.anchors);
	readings_done(&readings);
	histories_done(&flow.histories);
	return failed;
}

void
pipeline_done(struct pipeline *p)
{
	mem_free(p->searched.v);
	arena_done(&p->mem);
	arena_done(&p->next_mem);
}
