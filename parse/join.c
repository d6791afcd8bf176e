/*
 * Lines that were broken in two: by a mailer at 70 or 80 columns, by pr_cont
 * fragments that did not fit into one record, or by a newline in a process's
 * name.  The question is only whether the next record goes on with the one
 * that is held, and what stood between them.
 */
#include "parse/internal.h"

#include "parse/killline.h"

#include <string.h>

enum { COMM_MAX = 15 };

static struct str
held_text(const struct stream *s)
{
	return s->held.rec.text;
}

static bool
held_complete(const struct stream *s)
{
	struct str text = held_text(s);
	take_fn *take = s->held.shape->take;

	if (take == take_head)
		return head_complete(text);
	if (take == take_killed || take == take_noise)
		return kill_complete(text);
	if (take == take_summary)
		return summary_complete(text);
	if (take == take_row)
		return row_complete(&s->columns, text);
	if (take == take_task_in)
		return task_in_complete(text);
	if (take == take_stats)
		return str_has(text, STR(":"));
	if (take == take_group)
		return str_has(text, STR(" are going to be killed"));
	if (take == take_cpu || take == take_pid)
		return str_has(text, STR("ainted"));
	return true;
}

/* The rest of a kill line: "total-vm:...", "(comm) total-vm:", "process 12 (comm)". */
static bool
is_kill_rest(struct str next)
{
	static const char *const starts[] = { "total-vm:", "vsz:", "anon-rss:", "file-rss:",
		"shmem-rss:", "UID:", "pgtables:", "oom_score_adj:", "(", ":", "process ", "score ",
		"or sacrifice", "sacrifice child", "child", "Killed ", "Kill " };
	int64_t pid;

	next = str_trim(next);
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (str_starts_z(next, starts[i]))
			return true;
	}
	return str_eat_i64(&next, &pid) && str_starts(next, STR(" ("));
}

static bool
is_head_rest(struct str next)
{
	static const char *const starts[] = {
		"gfp_mask=", "order=", "oom_score_adj=", "oom_adj=", "nodemask=", "oomkilladj="
	};

	next = str_trim(next);
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (str_starts_z(next, starts[i]))
			return true;
	}
	return false;
}

/* One printk: a record of /dev/kmsg split at its newline, or lines with one stamp. */
static bool
same_printk(const struct stream *s, const struct record *next)
{
	return next->fragment ||
	       (known(next->mono_us) && next->mono_us == s->held.rec.mono_us && !next->bare);
}

/* Blank after a row's or a header's words, nothing inside one that was cut hard. */
static const char *
glue_words(struct str held, struct str next)
{
	if (held.n == 0 || next.n == 0 || held.p[held.n - 1] == ' ' || next.p[0] == ' ' ||
	    next.p[0] == ',' || next.p[0] == ':')
		return "";
	return " ";
}

/* A header's last word and the next line's first one belong together if only that is a column. */
static const char *
glue_header(struct str held, struct str next)
{
	static const char *const words[] = { "uid", "tgid", "total_vm", "rss", "rss_anon",
		"rss_file", "rss_shmem", "pgtables_bytes", "swapents", "oom_score_adj", "nr_ptes",
		"nr_pmds", "]" };

	held = str_trim_end(held);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_ends(held, str_from(words[i])))
			return next.n > 0 && next.p[0] == '_' ? "" : " ";
	}
	return "";
}

/* The line is known to go on, and the next one is none that we know. */
static bool
joins_incomplete(const struct stream *s, const struct record *next, const char **ret_glue)
{
	struct str held = held_text(s), text = next->text;
	take_fn *take = s->held.shape->take;
	struct kill_line k;

	*ret_glue = glue_words(held, text);
	if (take == take_summary) {
		bool path = text.n > 0 && (text.p[0] == ',' || text.p[0] == '/');

		*ret_glue = path || next->bare ? "" : "\n";
		return path || next->bare || same_printk(s, next);
	}
	if (take == take_head)
		return is_head_rest(text);
	if (take == take_noise)
		return is_kill_rest(text);
	if (take == take_killed) {
		if (kill_line_parse(held, &k) && k.comm.p != NULL && k.comm.n < COMM_MAX &&
		    (same_printk(s, next) || (next->bare && str_has(text, STR(")"))))) {
			*ret_glue = "\n";
			return true;
		}
		return next->bare && is_kill_rest(text);
	}
	if (take == take_task_in || take == take_group || take == take_stats) {
		*ret_glue = "";
		return true;
	}
	if (take == take_cpu || take == take_pid) {
		if (!next->bare)
			*ret_glue = "\n";
		return next->bare || (same_printk(s, next) && str_has(text, STR("ainted")));
	}
	return next->bare; /* a row cut in its numbers */
}

/* A row whose name goes on after a newline, or whose last word was cut by a mailer. */
static bool
joins_row(const struct stream *s, const struct record *next, const char **ret_glue)
{
	struct str held = held_text(s), text = next->text;
	struct str comm = row_comm(&s->columns, held);
	size_t at;

	if (comm.n + 1 + text.n > COMM_MAX)
		return false;
	if (same_printk(s, next)) {
		*ret_glue = "\n";
		return true;
	}
	*ret_glue = "";
	return next->bare && !s->held.rec.bare && comm.n > 0 && text.n > 0 &&
	       !str_chr(text, ' ', &at);
}

/* The next line is one we know by itself.  Hex and words in parentheses alone, as stack traces
 * have them, do not say so: the rest of a buddy list looks the same. */
static bool
begins_anew(const struct shape_index *shapes, const struct stream *s, struct str text)
{
	const struct shape *shape = shape_next(shapes, NULL, text, s->section);

	return shape != NULL && !(shape->take == take_stack && s->section != SECTION_HEAD);
}

bool
joins(const struct shape_index *shapes, const struct stream *s, const struct record *next,
    const char **ret_glue)
{
	take_fn *take = s->held.shape->take;
	struct str text = next->text;
	bool wrapped = next->bare && !s->held.rec.bare, complete;
	bool tokens = take == take_node || take == take_zone || take == take_counters;

	/* The usual case, decided without looking at the line: rows follow rows. */
	if (take == take_row && !next->bare && !same_printk(s, next))
		return false;
	complete = held_complete(s);
	if ((str_trim(text).n == 0 && !same_printk(s, next)) ||
	    s->held.text_n + text.n + 1 > MAX_HELD)
		return false;
	if (!wrapped && complete && take != take_row)
		return false;
	*ret_glue = glue_words(held_text(s), text);
	if (wrapped && tokens && is_counters(text) && !next->fragment)
		return true;
	if (wrapped && (take == take_killed || take == take_chosen) && is_kill_rest(text))
		return true;
	if (wrapped && take == take_summary && !complete)
		return joins_incomplete(s, next, ret_glue);
	if (take == take_row && complete) {
		return (next->bare || same_printk(s, next)) &&
		       shape_next(shapes, NULL, text, s->section) == NULL &&
		       joins_row(s, next, ret_glue);
	}
	if (begins_anew(shapes, s, text) && !(take == take_head && is_head_rest(text)))
		return false;
	if (!complete)
		return joins_incomplete(s, next, ret_glue);
	if (take == take_header) {
		*ret_glue = glue_header(held_text(s), text);
		return true;
	}
	if (take == take_killed || take == take_chosen)
		return is_kill_rest(text);
	if (take == take_head)
		return is_head_rest(text);
	return take != take_summary;
}
