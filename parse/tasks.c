/*
 * The task table (dump_tasks, dump_task; mm/oom_kill.c @2.6.26 - 7.3).
 *
 * Its own header says what the columns are, so a column nobody has seen yet
 * shifts nothing.  The name is the rest of the line: it may hold blanks, be
 * empty, or look like another row.
 */
#include "parse/internal.h"

#include <string.h>

/* Rows: a word of the header, and the fact it heads. */
#define COLUMN(name, fact)                                                                         \
	{                                                                                          \
		name, offsetof(struct task, fact)                                                  \
	}
/* clang-format off */
static const struct column_name {
	const char *name;
	size_t off;
} column_names[] = {
	COLUMN("uid", uid),
	COLUMN("tgid", tgid),
	COLUMN("total_vm", total_vm_pages),
	COLUMN("rss", rss_pages),
	COLUMN("rss_anon", rss_anon_pages),
	COLUMN("rss_file", rss_file_pages),
	COLUMN("rss_shmem", rss_shmem_pages),
	COLUMN("nr_ptes", nr_ptes),
	COLUMN("nr_pmds", nr_pmds),
	COLUMN("pgtables_bytes", pgtables_bytes),
	COLUMN("swapents", swapents_pages),
	COLUMN("cpu", cpu),
	COLUMN("oom_adj", oom_adj),
	COLUMN("oom_score_adj", oom_score_adj),
};
/* clang-format on */

static size_t
column_from(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(column_names); i++) {
		if (str_eq_z(word, column_names[i].name))
			return column_names[i].off;
	}
	return COLUMN_UNKNOWN;
}

static struct columns
columns_from(struct str header)
{
	struct columns columns = { .n = 0 };
	struct str word;

	while (columns.n < MAX_COLUMNS && str_eat_blanks(&header) && str_eat_word(&header, &word)) {
		if (str_eq(word, STR("name")))
			break;
		columns.off[columns.n++] = column_from(word);
	}
	return columns;
}

/* The event that the table belongs to; opened if the head was lost. */
static struct event *
table_event(struct context *c)
{
	struct stream *s = c->stream;

	if ((s->ev == NULL || s->section == SECTION_END) && stream_open(c, SECTION_TABLE) == NULL)
		return NULL;
	s->tentative = false;
	s->foreign_memory = false;
	s->section = SECTION_TABLE;
	s->ev->tasks.seen = true;
	return s->ev;
}

/* "Tasks state (memory values in pages):", 4.19 and newer. */
enum take
take_table(struct context *c, struct str text)
{
	(void)text;
	return table_event(c) == NULL ? TAKE_ERROR : TAKE_USED;
}

/* "[ pid ]   uid  tgid total_vm ..." or "[  pid  ]   uid ..." */
static bool
eat_pid_word(struct str *text)
{
	str_eat_blanks(text);
	if (!str_eat_chr(text, '['))
		return false;
	str_eat_blanks(text);
	if (!str_eat(text, STR("pid")))
		return false;
	str_eat_blanks(text);
	return str_eat_chr(text, ']');
}

bool
is_header(struct str text)
{
	return eat_pid_word(&text) && str_has(text, STR("uid"));
}

enum take
take_header(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct event *ev;
	struct str rest = text;

	if (!eat_pid_word(&rest))
		return TAKE_NOT;
	if ((ev = table_event(c)) == NULL)
		return TAKE_ERROR;
	if (ev->tasks.header.p != NULL)
		return TAKE_NOISE;
	ev->tasks.header = c->text;
	ev->tasks.header_line = c->rec->line;
	rest = c->text;
	eat_pid_word(&rest);
	s->columns = columns_from(rest);
	return TAKE_USED;
}

/* "[  123]"; a [12345.678901] time stamp was taken off before. */
static bool
eat_row_pid(struct str *text, int64_t *ret_pid)
{
	str_eat_blanks(text);
	if (!str_eat_chr(text, '['))
		return false;
	str_eat_blanks(text);
	if (!str_eat_i64(text, ret_pid) || *ret_pid < 0)
		return false;
	str_eat_blanks(text);
	return str_eat_chr(text, ']');
}

/* A pid in brackets and a number behind it. */
bool
is_row(struct str text)
{
	size_t at = 0;

	str_eat_blanks(&text);
	if (!str_eat_chr(&text, '['))
		return false;
	while (at < text.n && (text.p[at] == ' ' || str_is_digit(text.p[at])))
		at++;
	if (at == 0 || at == text.n || text.p[at++] != ']')
		return false;
	while (at < text.n && text.p[at] == ' ')
		at++;
	if (at == text.n || !str_is_digit(text.p[at]))
		return false;
	while (at < text.n && str_is_digit(text.p[at]))
		at++;
	return at < text.n && text.p[at] == ' ';
}

/*
 * The columns of a table whose header was lost, from the count of numbers in a
 * row: T7 has 10, T4 has 8, T1, T2, T3, T5 and T6 have 7 or fewer;
 * of what 7 can mean only the columns they share are read, and pgtables_bytes by its look.
 */
static struct columns
guess_columns(struct str text)
{
	static const char *const headers[] = {
		"uid tgid total_vm rss ? ? oom_score_adj name",
		"uid tgid total_vm rss pgtables_bytes swapents oom_score_adj name",
		"uid tgid total_vm rss nr_ptes nr_pmds swapents oom_score_adj name",
		("uid tgid total_vm rss rss_anon rss_file rss_shmem pgtables_bytes swapents "
		 "oom_score_adj name"),
	};
	int64_t v, fifth = 0;
	size_t n = 0, pick = 0;

	for (; str_eat_blanks(&text) && str_eat_i64(&text, &v); n++) {
		if (n == 4)
			fifth = v;
	}
	if (n >= 10)
		pick = 3;
	else if (n == 8)
		pick = 2;
	else if (fifth >= 4096 && fifth % 4096 == 0)
		pick = 1; /* bytes of page tables are whole pages; counts of them hardly ever are */
	return columns_from(str_from(headers[pick]));
}

/* As str_eat_i64 behind blanks, for the line that logs are full of: up to 18 digits here. */
static inline bool
eat_column(const char **at, const char *end, int64_t *ret)
{
	const char *p = *at, *digits;
	int64_t v = 0;

	while (p < end && *p == ' ')
		p++;
	struct str rest = { p, (size_t)(end - p) };
	digits = p + (p < end && *p == '-' ? 1 : 0);
	for (p = digits; p < end && str_is_digit(*p) && p - digits < 18; p++)
		v = v * 10 + (*p - '0');
	if (p == digits)
		return false;
	if (p < end && str_is_digit(*p)) {
		if (!str_eat_i64(&rest, ret))
			return false;
		p = rest.p;
	} else {
		*ret = digits[-1] == '-' ? -v : v;
	}
	*at = p;
	return true;
}

/* The numbers of a row; false if there are fewer than the header promised. */
static bool
row_numbers(const struct columns *columns, struct str *text, struct task *ret)
{
	const char *at = text->p, *end = text->p + text->n;

	for (size_t i = 0; i < columns->n; i++) {
		int64_t v;

		if (!eat_column(&at, end, &v))
			return false;
		if (ret != NULL && columns->off[i] != COLUMN_UNKNOWN)
			*(int64_t *)((char *)ret + columns->off[i]) = v;
	}
	*text = (struct str){ at, (size_t)(end - at) };
	return true;
}

bool
row_complete(const struct columns *columns, struct str text)
{
	int64_t pid;

	return eat_row_pid(&text, &pid) && row_numbers(columns, &text, NULL);
}

struct str
row_comm(const struct columns *columns, struct str text)
{
	int64_t pid;

	if (!eat_row_pid(&text, &pid) || !row_numbers(columns, &text, NULL))
		return STR_NONE;
	str_eat_chr(&text, ' ');
	return text;
}

static bool
is_orphan_row(struct str text)
{
	struct str rest = text;
	struct columns guess;
	int64_t pid;

	if (!eat_row_pid(&rest, &pid))
		return false;
	guess = guess_columns(rest);
	return row_complete(&guess, text);
}

enum take
take_row(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct event *ev;
	struct task *t;
	int64_t pid;

	/* Outside a table only a row that has all the numbers of one counts as one. */
	if ((s->ev == NULL || s->section == SECTION_END) && !is_orphan_row(text))
		return TAKE_NOT;
	if ((ev = table_event(c)) == NULL)
		return TAKE_ERROR;
	text = c->text;
	if (!eat_row_pid(&text, &pid)) {
		ev->tasks.bad_rows++;
		return TAKE_USED;
	}
	if (ev->tasks.header.p == NULL && ev->tasks.n == 0)
		s->columns = guess_columns(text);
	if ((t = event_add_task(ev)) == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	if (!row_numbers(&s->columns, &text, t)) {
		ev->tasks.n--;
		ev->tasks.bad_rows++;
		return TAKE_USED;
	}
	t->pid = pid;
	t->line = c->rec->line;
	str_eat_chr(&text, ' ');
	t->comm = text;
	return TAKE_USED;
}
