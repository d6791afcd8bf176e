#include "cli/resume.h"

#include "base/words.h"

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

struct source *
resume_open(struct pipeline *p, const struct reading *r, const struct source_opts *opts,
    struct parser *parser, struct err *why)
{
	struct source_opts o = *opts;
	struct source_part part;
	struct str source, parsed;
	struct source *src;

	if (o.part == NULL || o.part->place.offset == 0)
		return reading_open(r, &o, why);
	part = *o.part;
	o.part = &part;
	if (part_known(part.place.known, &source, &parsed) &&
	    parser_restore(parser, parsed, why) == 0) {
		part.place.known = source;
		o.kind = "text";
		if ((src = reading_open(r, &o, why)) != NULL) {
			p->next = opts->part->place;
			return src;
		}
	}
	parser_forget(parser);
	part.place = (struct log_place){ .known = STR_NONE };
	o.kind = opts->kind;
	return reading_open(r, &o, why);
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

void
resume_note(struct pipeline *p, const struct source *src, const struct parser *parser,
    const struct record *next)
{
	struct moment now = { next->real_us, next->mono_us };

	if (p->opts->source.part != NULL && parser_is_done(parser, &now))
		note_place(p, src, parser);
}

void
resume_note_end(struct pipeline *p, const struct source *src, const struct parser *parser)
{
	struct source_stats st = source_stats(src);
	struct moment now = { st.last_us, st.last_mono_us };

	if (p->opts->source.part != NULL && parser_is_done(parser, &now))
		note_place(p, src, parser);
	p->at_end = true;
}
