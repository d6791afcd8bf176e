/*
 * Objects of JSON among the lines of a log: where one begins and ends.  What
 * is in it is read by entry_object.c.
 *
 * An object may be a line (docker, journalctl -o json), stand on several lines
 * (json-pretty), follow "data: " (json-sse) or a record separator (json-seq), or
 * stand in the one array of an object round it (dmesg --json).
 */
#include "ingest/entry.h"

#include "ingest/docker.h"
#include "ingest/entry_object.h"

#include "base/mem.h"

enum {
	WRAPPER_MAX = 256, /* bytes of what stands before the first object of an array */
	SAMPLE = 1024,	   /* one of so many objects that nobody wants is read, for its time */
};

struct entry_json {
	struct entry_buffer text; /* of the open object */
	struct entry_object object;
	struct docker docker;
	struct str rest;    /* of the line: not looked at yet */
	int64_t line, from; /* its number; that of the open object's first */
	size_t raw_n;	    /* length of the open object's first line */
	size_t array_at;    /* where in text the first array of depth 1 begins; 0: none */
	int depth;	    /* 0: no object is open */
	bool in_string, in_escape;
	bool in_list; /* between the objects of an array */
	bool dropped; /* too long: only its end is looked for */
	int64_t bad, passed, asked;
};

struct entry_json *
entry_json_new(struct err *err)
{
	struct entry_json *j = mem_alloc(sizeof(*j));

	if (j == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*j = (struct entry_json){ .rest = STR_NONE };
	return j;
}

void
entry_json_free(struct entry_json *j)
{
	if (j == NULL)
		return;
	entry_object_done(&j->object);
	docker_done(&j->docker);
	mem_free(j->text.p);
	mem_free(j);
}

bool
entry_json_open(const struct entry_json *j)
{
	return j->depth > 0 || j->in_list || j->rest.n > 0;
}

int64_t
entry_json_bad(const struct entry_json *j)
{
	return j->bad;
}

int64_t
entry_json_passed(const struct entry_json *j)
{
	return j->passed;
}

/* "{" and then a key or the end of the line: the text of a log may begin with a brace. */
static bool
begins(struct str s)
{
	if (!str_eat_chr(&s, '{'))
		return false;
	str_eat_blanks(&s);
	return s.n == 0 || *s.p == '"';
}

/* What the lines within an object can begin with. */
static bool
goes_on(struct str s)
{
	static const char starts[] = "\"{}[],:-0123456789tfn";
	size_t at;

	if (str_starts_z(s, "{"))
		return false; /* at the margin: another object, this one was cut */
	str_eat_blanks(&s);
	return s.n == 0 || str_chr(str_from(starts), *s.p, &at);
}

/* Nothing could be made of it: its lines are lines. */
static enum entry_status
give_up(struct entry_json *j, struct entry *ret, enum entry_status status)
{
	struct str text = { j->text.p, j->text.n };

	j->bad++;
	j->depth = 0;
	j->in_list = j->in_string = j->in_escape = false;
	*ret = (struct entry){
		.prefix = prefix_none(text),
		.raw = str_head(text, j->raw_n == 0 ? text.n : j->raw_n),
		.line = j->from,
		.last = j->line,
		.lines = true,
		.is_physical = true,
	};
	return status;
}

/* "{ "dmesg": [ {": what counts are the objects in the array. */
static bool
is_wrapper(const struct entry_json *j, struct str s, size_t i)
{
	size_t base = j->text.n;

	if (j->depth != 2 || j->array_at == 0 || j->dropped || base + i > WRAPPER_MAX)
		return false;
	for (size_t at = j->array_at + 1; at < base + i; at++) {
		if ((at < base ? j->text.p[at] : s.p[at - base]) > ' ')
			return false;
	}
	return true;
}

enum walk { WALK_MORE, WALK_DONE, WALK_WRAPPER };

/* Go on in the open object to its end, or to that of s. */
static enum walk
walk(struct entry_json *j, struct str s, size_t *ret_used)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (j->in_string) {
			if (j->in_escape)
				j->in_escape = false;
			else if (c == '\\')
				j->in_escape = true;
			else if (c == '"')
				j->in_string = false;
		} else if (c == '"') {
			j->in_string = true;
		} else if (c == '{' && is_wrapper(j, s, i)) {
			*ret_used = i;
			return WALK_WRAPPER;
		} else if (c == '{' || c == '[') {
			if (c == '[' && j->depth == 1 && j->array_at == 0)
				j->array_at = j->text.n + i;
			j->depth++;
		} else if ((c == '}' || c == ']') && --j->depth == 0) {
			*ret_used = i + 1;
			return WALK_DONE;
		}
	}
	*ret_used = s.n;
	return WALK_MORE;
}

/* A message with a byte that cannot be printed is an array of numbers: no literal is found
 * in it, whatever it says. */
static bool
has_array_message(struct str s)
{
	struct str head;

	while (str_cut(&s, STR("\"MESSAGE\""), &head)) {
		str_eat_blanks(&s);
		str_eat_chr(&s, ':');
		str_eat_blanks(&s);
		if (str_starts_z(s, "["))
			return true;
	}
	return false;
}

static bool
is_wanted(struct entry_json *j, const struct scan *wanted)
{
	struct str s = { j->text.p, j->text.n };
	size_t newlines = 0;

	return wanted == NULL || scan_find(wanted, s.p, s.n, 0, &newlines) < s.n ||
	       has_array_message(s) || docker_may_join(&j->docker, s) || j->asked++ % SAMPLE == 0;
}

static enum entry_status
finish(struct entry_json *j, const struct scan *wanted, struct entry *ret, struct err *err)
{
	struct str text = { j->text.p, j->text.n };

	if (j->dropped) {
		j->bad++;
		return ENTRY_MORE;
	}
	if (!is_wanted(j, wanted)) {
		j->passed++;
		return ENTRY_MORE;
	}
	if (!entry_object_read(&j->object, text, ret))
		return give_up(j, ret, ENTRY_READY);
	ret->line = j->from;
	ret->raw = str_head(text, j->raw_n == 0 ? text.n : j->raw_n);
	if (str_eq_z(str_from(ret->format), "docker"))
		return docker_join(&j->docker, entry_object_text(&j->object, "stream"), ret, err);
	return ENTRY_READY;
}

/* Between two objects: true when another one begins at j->rest. */
static bool
find_next(struct entry_json *j)
{
	while (j->rest.n > 0) {
		str_eat_blanks(&j->rest);
		if (begins(j->rest))
			break;
		if (!j->in_list)
			j->rest.n = 0;
		else if (str_eat_chr(&j->rest, '}'))
			j->in_list = false;
		else if (!str_eat_chr(&j->rest, ',') && !str_eat_chr(&j->rest, ']'))
			j->in_list = false;
	}
	if (j->rest.n == 0)
		return false;
	j->text.n = j->raw_n = j->array_at = 0;
	j->from = j->line;
	j->in_string = j->in_escape = j->dropped = false;
	return true;
}

/* Some of the line: ENTRY_MORE when all of it is looked at. */
static enum entry_status
step(struct entry_json *j, const struct scan *wanted, struct entry *ret, struct err *err)
{
	while (j->depth > 0 || find_next(j)) {
		size_t used;
		enum walk w = walk(j, j->rest, &used);
		int full = 0;

		if (w == WALK_WRAPPER) {
			j->rest = str_from_at(j->rest, used);
			j->depth = 0;
			j->in_list = true;
			continue;
		}
		if (!j->dropped && (full = entry_add(&j->text, str_head(j->rest, used), err)) == -1)
			return ENTRY_ERROR;
		j->dropped = j->dropped || full == 1;
		j->rest = str_from_at(j->rest, used);
		if (w == WALK_MORE)
			return ENTRY_MORE;

		enum entry_status st = finish(j, wanted, ret, err);

		if (st != ENTRY_MORE)
			return st;
	}
	return ENTRY_MORE;
}

enum entry_status
entry_json_next(struct entry_json *j, struct lines *l, const struct scan *wanted, struct entry *ret,
    struct err *err)
{
	for (;;) {
		enum entry_status st = step(j, wanted, ret, err);
		enum lines_status got;

		if (st != ENTRY_MORE)
			return st;
		got = j->depth > 0 || j->in_list ? lines_rest(l, &j->rest, err) : LINES_END;
		if (got == LINES_ERROR)
			return ENTRY_ERROR;
		if (got == LINES_END)
			return ENTRY_OTHER;
	}
}

enum entry_status
entry_json_line(struct entry_json *j, struct lines *l, struct line line, const struct scan *wanted,
    struct entry *ret, struct err *err)
{
	struct str s = line.text;
	enum entry_status st;

	if (j->depth > 0) {
		if (j->in_string || !goes_on(s))
			return give_up(j, ret, ENTRY_BEFORE);
		if (j->raw_n == 0)
			j->raw_n = j->text.n;
		if (entry_add(&j->text, STR("\n"), err) == -1)
			return ENTRY_ERROR;
	} else {
		str_eat(&s, STR("data: "));
		str_eat_chr(&s, '\036');
		str_eat_blanks(&s);
		if (!begins(s) && (!j->in_list || s.n == 0 || (*s.p != '}' && *s.p != ']'))) {
			j->in_list = false;
			return ENTRY_OTHER;
		}
	}
	j->rest = s;
	j->line = line.number;
	st = entry_json_next(j, l, wanted, ret, err);
	return st == ENTRY_OTHER ? ENTRY_MORE : st;
}

enum entry_status
entry_json_end(struct entry_json *j, struct entry *ret)
{
	if (j->depth > 0)
		return give_up(j, ret, ENTRY_READY);
	return docker_flush(&j->docker, ret) ? ENTRY_READY : ENTRY_OTHER;
}
