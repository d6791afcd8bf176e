#include "ingest/entry_object.h"

#include "base/mem.h"

#include <jansson.h>

enum { MS = 1000, US = 1000000 };

void
entry_object_done(struct entry_object *o)
{
	json_decref(o->doc);
	mem_free(o->bytes);
	*o = (struct entry_object){ .doc = NULL };
}

static struct str
string(const json_t *v)
{
	return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) }
				 : STR_NONE;
}

struct str
entry_object_text(const struct entry_object *o, const char *key)
{
	return string(json_object_get(o->doc, key));
}

/* A stamp as text, or as seconds, milli- or microseconds since 1970. */
static struct stamp
stamp_of(const json_t *v)
{
	struct stamp st = { .kind = STAMP_NONE };
	struct str s = string(v);
	struct civil_stamp c;
	double number = json_number_value(v); /* 0 if it is none */

	if (s.p != NULL && civil_eat_rfc3339(&s, &c)) {
		st.kind = STAMP_CIVIL;
		st.at = c.at;
		st.us = c.us;
		st.offset_s = c.offset_s;
		st.has_offset = c.has_offset;
		st.error_us = prefix_error_us(c.digits);
	} else if (number > 1e8 && number < 1e16) {
		int64_t unit = number > 1e14 ? 1 : number > 1e11 ? MS : US;

		st.kind = STAMP_UNIX;
		st.us = unit == 1 ? (int64_t)number : (int64_t)(number * (double)unit + 0.5);
		st.error_us = unit == 1 || json_is_real(v) ? 1 : unit / 2;
	}
	return st;
}

/* dmesg --json: {"pri":6,"time":0.221621,"caller":"T1","msg":"rcu: ..."} */
static bool
read_dmesg(struct entry_object *o, struct entry *ret)
{
	const json_t *time = json_object_get(o->doc, "time"), *pri = json_object_get(o->doc, "pri");
	const json_t *facility = json_object_get(o->doc, "fac");
	double seconds = json_number_value(time);
	struct prefix *p = &ret->prefix;

	*p = prefix_none(string(json_object_get(o->doc, "msg")));
	if (p->text.p == NULL)
		return false;
	if (json_is_number(time) && seconds >= 0 && seconds < 1e11)
		p->mono_us = (int64_t)(seconds * US + 0.5);
	else
		p->stamp = stamp_of(time);
	p->stamp.boot_offset = true;
	if (json_is_integer(pri) && json_integer_value(pri) >= 0 &&
	    json_integer_value(pri) < 1024) {
		p->facility = (int)(json_integer_value(pri) >> 3);
		p->level = (int)(json_integer_value(pri) & 7);
	} else {
		p->facility = prefix_facility(str_trim(string(facility)));
		p->level = prefix_level(str_trim(string(pri)));
	}
	p->caller = string(json_object_get(o->doc, "caller"));
	ret->format = "dmesg-json";
	return true;
}

/* journalctl writes a value with bytes that cannot be printed as an array of numbers, and
 * a field that is there more than once as an array of values. */
static struct str
journal_value(struct entry_object *o, const json_t *v)
{
	char *begin = o->bytes + o->nbytes;
	size_t n = json_array_size(v);

	if (json_is_array(v) && !json_is_integer(json_array_get(v, 0)))
		v = json_array_get(v, 0);
	if (!json_is_array(v))
		return string(v);
	if (n > ENTRY_TEXT - o->nbytes)
		n = ENTRY_TEXT - o->nbytes;
	for (size_t i = 0; i < n; i++)
		begin[i] = (char)json_integer_value(json_array_get(v, i));
	o->nbytes += n;
	return (struct str){ begin, n };
}

static bool
read_journal(struct entry_object *o, struct entry *ret)
{
	struct str f[JOURNAL_FIELDS];

	if (o->bytes == NULL && (o->bytes = mem_alloc(ENTRY_TEXT)) == NULL)
		return false;
	o->nbytes = 0;
	for (int i = 0; i < JOURNAL_FIELDS; i++) {
		const char *name = journal_field_name((enum journal_field)i);

		f[i] = journal_value(o, json_object_get(o->doc, name));
	}
	ret->prefix = journal_prefix(f);
	ret->format = "journal-json";
	return true;
}

/* A message in some other program's wrapping. */
static bool
read_wrapped(struct entry_object *o, struct entry *ret, const char *text, const char *time)
{
	ret->prefix = prefix_none(string(json_object_get(o->doc, text)));
	ret->prefix.stamp = stamp_of(json_object_get(o->doc, time));
	ret->lines = true;
	return ret->prefix.text.p != NULL;
}

/* The key that gives away what an object is; the first that is there decides. */
/* clang-format off */
static const struct {
	const char *key, *time, *format;
	bool (*read)(struct entry_object *, struct entry *);
} kinds[] = {
	{ "__REALTIME_TIMESTAMP", NULL, NULL,		read_journal },
	{ "MESSAGE",	NULL,		NULL,		read_journal },
	{ "msg",	NULL,		NULL,		read_dmesg },
	{ "log",	"time",		"docker",	NULL },
	{ "line",	"timestamp",	"logcli",	NULL },
	{ "Output",	"",		"ec2-console",	NULL },
	{ "message",	"timestamp",	"json",		NULL },
};
/* clang-format on */

bool
entry_object_read(struct entry_object *o, struct str text, struct entry *ret)
{
	*ret = (struct entry){ .prefix = prefix_none(STR_NONE) };
	json_decref(o->doc);
	o->doc = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
	for (size_t i = 0; o->doc != NULL && i < ARRAY_LEN(kinds); i++) {
		if (json_object_get(o->doc, kinds[i].key) == NULL)
			continue;
		ret->format = kinds[i].format;
		return kinds[i].read != NULL ? kinds[i].read(o, ret)
					     : read_wrapped(o, ret, kinds[i].key, kinds[i].time);
	}
	return false;
}
