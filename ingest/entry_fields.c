/* journalctl -o export and -o verbose: a field on each line. */
#include "ingest/entry.h"

#include "base/mem.h"

#include <string.h>

enum {
	BINARY_MAX = 1 << 30, /* bytes of a field; core dumps are kept in the journal */
	INDENT = 4,
};

struct entry_fields {
	const char *format; /* of the open entry; NULL: none */
	bool is_export;
	int64_t line;
	struct entry_buffer text;
	struct {
		size_t at, n;
		bool known;
	} field[JOURNAL_FIELDS];
	size_t raw_n; /* the first line is at the front of text */
	int last;     /* field of the line before, for what goes on in the next; -1 */
};

struct entry_fields *
entry_fields_new(struct err *err)
{
	struct entry_fields *e = mem_alloc(sizeof(*e));

	if (e == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*e = (struct entry_fields){ .last = -1 };
	return e;
}

void
entry_fields_free(struct entry_fields *e)
{
	if (e != NULL)
		mem_free(e->text.p);
	mem_free(e);
}

bool
entry_fields_open(const struct entry_fields *e)
{
	return e->format != NULL;
}

bool
entry_fields_is_export(const struct entry_fields *e)
{
	return e->is_export;
}

static int
add_field(struct entry_fields *e, int field, struct str value, struct err *err)
{
	size_t at = e->text.n;
	int full;

	e->last = field;
	if (field < 0 || e->field[field].known)
		return 0;
	full = entry_add(&e->text, str_head(value, ENTRY_TEXT), err);
	if (full != 0)
		return full < 0 ? -1 : 0;
	e->field[field].at = at, e->field[field].n = e->text.n - at;
	e->field[field].known = true;
	return 0;
}

static int
begin(struct entry_fields *e, bool is_export, struct line line, struct err *err)
{
	e->format = is_export ? "journal-export" : "journal-verbose";
	e->is_export = is_export;
	e->line = line.number;
	e->text.n = 0;
	e->last = -1;
	memset(e->field, 0, sizeof(e->field));
	e->raw_n = line.text.n;
	return entry_add(&e->text, line.text, err) < 0 ? -1 : 0;
}

static void
finish(struct entry_fields *e, struct entry *ret)
{
	struct str f[JOURNAL_FIELDS];

	for (int i = 0; i < JOURNAL_FIELDS; i++)
		f[i] = e->field[i].known ? (struct str){ e->text.p + e->field[i].at, e->field[i].n }
					 : STR_NONE;
	*ret = (struct entry){
		.prefix = journal_prefix(f),
		.format = e->format,
		.raw = { e->text.p, e->raw_n },
		.line = e->line,
	};
	e->format = NULL;
}

enum entry_status
entry_fields_end(struct entry_fields *e, struct entry *ret)
{
	if (e->format == NULL)
		return ENTRY_OTHER;
	finish(e, ret);
	return ENTRY_READY;
}

/* "FIELD" of "FIELD=value" or alone on its line. */
static size_t
name_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || s.p[n] == '_' ||
			      (n > 0 && str_is_digit(s.p[n]))))
		n++;
	return n;
}

/* A name alone: then 8 bytes of length, least first, the value, and a newline. */
static enum entry_status
take_binary(struct entry_fields *e, struct lines *l, int field, struct err *err)
{
	unsigned char head[8] = { 0 };
	enum lines_status st = lines_raw(l, sizeof(head), (char *)head, sizeof(head), err);
	uint64_t n = 0;
	char *keep;

	for (size_t i = sizeof(head); i-- > 0;)
		n = n << 8 | head[i];
	if (st != LINES_LINE || n > BINARY_MAX)
		return st == LINES_ERROR ? ENTRY_ERROR : ENTRY_MORE;
	if (field < 0 || e->field[field].known) {
		st = lines_raw(l, n + 1, NULL, 0, err);
		return st == LINES_ERROR ? ENTRY_ERROR : ENTRY_MORE;
	}

	size_t kept = n < ENTRY_TEXT ? (size_t)n : ENTRY_TEXT;

	if ((keep = mem_alloc(kept + 1)) == NULL) {
		err_no_memory(err);
		return ENTRY_ERROR;
	}
	memset(keep, 0, kept + 1);
	st = lines_raw(l, n, keep, kept, err);
	if (st == LINES_LINE)
		st = lines_raw(l, 1, NULL, 0, err);
	if (st != LINES_ERROR && add_field(e, field, (struct str){ keep, kept }, err) == -1)
		st = LINES_ERROR;
	mem_free(keep);
	return st == LINES_ERROR ? ENTRY_ERROR : ENTRY_MORE;
}

enum entry_status
entry_export_line(
    struct entry_fields *e, struct lines *l, struct line line, struct entry *ret, struct err *err)
{
	struct str s = line.text;
	size_t n;

	if (e->format == NULL) {
		if (!str_starts_z(s, "__CURSOR=") && !str_starts_z(s, "__REALTIME_TIMESTAMP="))
			return ENTRY_OTHER;
		if (begin(e, true, line, err) == -1)
			return ENTRY_ERROR;
	}
	if (s.n == 0) {
		finish(e, ret);
		return ENTRY_READY;
	}
	n = name_length(s);
	if (n > 0 && n == s.n && !line.cut)
		return take_binary(e, l, journal_field(s), err);
	if (n == 0 || n == s.n || s.p[n] != '=') {
		finish(e, ret);
		return ENTRY_BEFORE;
	}
	return add_field(e, journal_field(str_head(s, n)), str_from_at(s, n + 1), err) == -1
		   ? ENTRY_ERROR
		   : ENTRY_MORE;
}

/* "Thu 2026-01-01 00:00:01.000000 UTC [s=..;i=..;b=..;m=..;t=..;x=..]" */
static bool
is_verbose_head(struct str s)
{
	struct str p = s;

	return s.n > 40 && s.p[s.n - 1] == ']' && str_cut(&p, STR(" [s="), &s) && s.n < 64 &&
	       str_has(p, STR(";b=")) && str_has(p, STR(";t="));
}

static int
take_verbose_head(struct entry_fields *e, struct str s, struct err *err)
{
	struct str head, hex, us;
	uint64_t t;
	char digits[24];
	size_t n = sizeof(digits);

	if (str_cut(&s, STR(";b="), &head) && str_cut(&s, STR(";"), &hex) &&
	    add_field(e, JOURNAL_BOOT_ID, hex, err) == -1)
		return -1;
	if (!str_cut(&s, STR("t="), &head) || !str_eat_hex(&s, &t) || t > INT64_MAX)
		return 0;
	do
		digits[--n] = (char)('0' + t % 10);
	while ((t /= 10) > 0);
	us = (struct str){ digits + n, sizeof(digits) - n };
	return add_field(e, JOURNAL_REALTIME, us, err);
}

/* A message of several lines goes on under its first; only the last field can grow. */
static int
add_more(struct entry_fields *e, struct str s, struct err *err)
{
	size_t before = e->text.n;

	if (e->last < 0 || e->field[e->last].at + e->field[e->last].n != before)
		return 0;
	str_eat_blanks(&s);
	if (entry_add(&e->text, STR("\n"), err) < 0 || entry_add(&e->text, s, err) < 0)
		return -1;
	e->field[e->last].n += e->text.n - before;
	return 0;
}

enum entry_status
entry_verbose_line(struct entry_fields *e, struct line line, struct entry *ret, struct err *err)
{
	struct str s = line.text;
	bool head = is_verbose_head(s);
	size_t n;

	if (e->format == NULL && !head)
		return ENTRY_OTHER;
	if (e->format != NULL && (head || s.n <= INDENT || *s.p != ' ')) {
		finish(e, ret);
		return ENTRY_BEFORE;
	}
	if (head)
		return begin(e, false, line, err) == -1 || take_verbose_head(e, s, err) == -1
			   ? ENTRY_ERROR
			   : ENTRY_MORE;
	s = str_from_at(s, INDENT);
	n = name_length(s);
	if (n > 0 && n < s.n && s.p[n] == '=')
		return add_field(e, journal_field(str_head(s, n)), str_from_at(s, n + 1), err) == -1
			   ? ENTRY_ERROR
			   : ENTRY_MORE;
	return add_more(e, s, err) == -1 ? ENTRY_ERROR : ENTRY_MORE;
}
