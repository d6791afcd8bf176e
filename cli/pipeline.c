#include "cli/pipeline.h"

#include "base/mem.h"
#include "base/words.h"
#include "cli/histories.h"
#include "cli/message.h"
#include "ingest/joined.h"
#include "parse/parser.h"

/* What the parser's sink needs to know. */
struct flow {
	struct pipeline *p;
	const struct source *src; /* the one being read */
	unsigned number;	  /* of it */
	struct histories histories;
};

/* A user-space kill has no verdict: the kernel chose nobody. */
static int
judge(struct flow *flow, struct finding *f)
{
	struct history *before;

	if (f->event->kind == EVENT_USERSPACE_KILL)
		return 0;
	before = histories_get(&flow->histories, f->event, flow->number);
	if (before == NULL || (f->verdict = verdict_of_with(f->event, before)) == NULL)
		return -1;
	history_add(before, f->event);
	return 0;
}

static int
take_event(void *ctx, struct event *ev, struct err *err)
{
	struct flow *flow = ctx;
	struct pipeline *p = flow->p;
	struct finding f = { ev, NULL };

	p->searched.events++;
	ev->format = source_stats(flow->src).format;
	/* Before the filters: what is left out was killed all the same. */
	if (!p->opts->facts && judge(flow, &f) != 0) {
		event_free(ev);
		return err_no_memory(err);
	}
	if (!filter_match(&p->opts->filter, ev)) {
		p->searched.filtered++;
		event_free(ev);
		return 0;
	}
	return p->sink(p->ctx, f, flow->number, err);
}

static void
note_stats(struct searched_source *to, const struct source *src)
{
	struct source_stats st = source_stats(src);

	to->format = st.format;
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

/* What both know, as one text; and apart again. */
static struct str
join_known(struct arena *mem, struct str source, struct str parser)
{
	struct words w;

	words_begin(&w);
	words_text(&w, source);
	words_text(&w, parser);
	return words_end(&w, mem);
}

static bool
part_known(struct str known, struct str *ret_source, struct str *ret_parser)
{
	return words_eat_text(&known, known.n, ret_source) &&
	       words_eat_text(&known, known.n, ret_parser);
}

/* Nothing before this line can change any more: the next reading may begin here. */
static void
note_place(struct pipeline *p, const struct source *src, const struct parser *parser)
{
	struct arena mem = { 0 };
	struct log_place at;
	struct str parsed;

	if (!source_place(src, &mem, &at) || (parsed = parser_keep(parser, &mem)).p == NULL ||
	    (at.known = join_known(&mem, at.known, parsed)).p == NULL) {
		arena_done(&mem);
		return;
	}
	arena_done(&p->next_mem);
	p->next_mem = mem;
	p->next = at;
}

/* 1: the source is at its end, 0: it failed (*why), -1: the run has to stop (*err). */
static int
read_all(struct pipeline *p, struct source *src, struct parser *parser, const struct scan *anchors,
    struct err *why, struct err *err)
{
	bool places = p->opts->source.part != NULL;
	struct record rec;

	for (;;) {
		const struct scan *wanted = parser_idle(parser) ? anchors : NULL;
		enum source_status st = source_next(src, wanted, &rec, why);

		if (st != SOURCE_RECORD)
			return st == SOURCE_ERROR ? 0 : 1;
		if (places) {
			struct moment now = { rec.real_us, rec.mono_us };

			if (parser_is_done(parser, &now))
				note_place(p, src, parser);
		}
		if (parser_feed(parser, &rec, err) != 0)
			return -1;
	}
}

static void
note_end(struct pipeline *p, const struct source *src, const struct parser *parser)
{
	struct source_stats st = source_stats(src);
	struct moment now = { st.last_us, st.last_mono_us };

	if (p->opts->source.part != NULL && parser_is_done(parser, &now))
		note_place(p, src, parser);
	p->at_end = true;
}

/* What is read as one: the files of the pstore among the arguments, or any one of the others. */
struct reading {
	const char *label;
	const char *const *paths;
	size_t n;
};

static struct source *
open_reading(const struct reading *r, const struct source_opts *opts, struct err *err)
{
	return r->n == 1 ? source_open(r->paths[0], opts, err)
			 : joined_open(r->paths, r->n, r->label, opts, err);
}

/* Where it was left the last time, or (by another version of us) at its beginning. */
static struct source *
open_source(struct pipeline *p, const struct reading *r, struct parser *parser, struct err *why)
{
	struct source_opts o = p->opts->source;
	struct source_part part;
	struct str source, parsed;
	struct source *src;

	if (o.part == NULL || o.part->place.offset == 0)
		return open_reading(r, &o, why);
	part = *o.part;
	o.part = &part;
	if (part_known(part.place.known, &source, &parsed) &&
	    parser_restore(parser, parsed, why) == 0) {
		part.place.known = source;
		o.kind = "text";
		if ((src = open_reading(r, &o, why)) != NULL) {
			p->next = p->opts->source.part->place;
			return src;
		}
	}
	parser_forget(parser);
	part.place = (struct log_place){ .known = STR_NONE };
	o.kind = p->opts->source.kind;
	return open_reading(r, &o, why);
}

static int
read_source(struct flow *flow, const struct reading *reading, struct parser *parser,
    const struct scan *anchors, struct err *err)
{
	struct pipeline *p = flow->p;
	struct searched_source *to = pipeline_add_source(p, reading->label);
	struct err why = { "" };
	struct source *src;
	int got;

	if (to == NULL)
		return err_no_memory(err);
	src = open_source(p, reading, parser, &why);
	if (src == NULL)
		return note_failure(p, to, &why, err);
	flow->src = src;
	got = read_all(p, src, parser, anchors, &why, err);
	if (got >= 0)
		note_end(p, src, parser);
	if (got >= 0 && parser_end(parser, err) != 0)
		got = -1;
	note_stats(to, src);
	source_close(src);
	flow->number++;
	return got == 0 ? note_failure(p, to, &why, err) : got < 0 ? -1 : 0;
}

/* The arguments as readings, in their order, the files of the pstore where the first of them
 * stands.  NULL: no memory. */
static struct reading *
list_readings(struct pipeline *p, size_t *ret_n)
{
	const struct options *o = p->opts;
	size_t npaths = (size_t)o->npaths, nparts = 0, n = 0;
	struct reading *all = arena_alloc(&p->mem, (npaths + 1) * sizeof(*all)), *joined = NULL;
	const char **parts = arena_alloc(&p->mem, (npaths + 1) * sizeof(*parts));

	if (all == NULL || parts == NULL)
		return NULL;
	for (size_t i = 0; i < npaths; i++) {
		const char *const *path = (const char *const *)&o->paths[i];
		bool part = npaths > 1 && o->source.kind == NULL && joined_is_part(*path);

		if (part)
			parts[nparts++] = *path;
		if (part && joined != NULL)
			continue;
		all[n] = (struct reading){ *path, part ? parts : path, 1 };
		if (part)
			joined = &all[n];
		n++;
	}
	if (joined != NULL && nparts > 1) {
		struct str label = arena_printf(&p->mem, "%s (and %zu more)", parts[0], nparts - 1);

		joined->label = label.p;
		joined->n = nparts;
	}
	*ret_n = n;
	return joined != NULL && joined->label == NULL ? NULL : all;
}

int
pipeline_run(struct pipeline *p, struct err *err)
{
	struct flow flow = { .p = p };
	struct scan *anchors = parser_anchors();
	struct parser *parser = parser_new(take_event, &flow, err);
	size_t n = 0;
	const struct reading *readings = list_readings(p, &n);
	int failed = 0;

	if (anchors == NULL || readings == NULL)
		failed = err_no_memory(err);
	if (parser == NULL)
		failed = -1;
	for (size_t i = 0; i < n && failed == 0; i++)
		failed = read_source(&flow, &readings[i], parser, anchors, err);
	parser_free(parser);
	scan_free(anchors);
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
