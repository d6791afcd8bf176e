#include "report/compare.h"
#include "report/json.h"

static json_t *
json_side(const struct finding *f, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_name(&o, "id", f->event->id);
	json_put_time(&o, "time", f->event->real_us);
	json_put_int(&o, "mono_us", f->event->mono_us);
	return o.o;
}

static json_t *
json_value(const struct compare_row *row, int side, struct arena *mem)
{
	return row->unit == COMPARE_TEXT ? json_text(mem, row->text[side])
					 : json_int(row->number[side]);
}

static json_t *
json_row(const struct compare_row *row, struct arena *mem)
{
	static const char *const units[] = { NULL, "kB", NULL };
	struct json_object o = json_begin(mem);

	json_put_str(&o, "name", row->name);
	json_put_name(&o, "unit", units[row->unit]);
	json_put(&o, "first", json_value(row, 0, mem));
	json_put(&o, "second", json_value(row, 1, mem));
	json_put_int(&o, "first_processes", row->processes[0]);
	json_put_int(&o, "second_processes", row->processes[1]);
	json_put_int(&o, "delta", row->delta);
	json_put_bool(&o, "differs", row->differs);
	return o.o;
}

int
compare_json(FILE *out, const struct finding *a, const struct finding *b, const struct compare *c)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);
	json_t *parts[COMPARE_PARTS];
	int rc;

	json_put_name(&o, "schema", "oomwhy.compare/1");
	json_put(&o, "first", json_side(a, &mem));
	json_put(&o, "second", json_side(b, &mem));
	json_put_bool(&o, "same_event", c->same_event);
	json_put_int(&o, "apart_us", c->apart_us);
	json_put_name(&o, "memory_of",
	    !c->memory_is_comparable ? NULL
	    : c->memory_is_machine   ? "machine"
				     : "cgroup");
	for (size_t i = 0; i < COMPARE_PARTS; i++)
		parts[i] = json_array();
	for (size_t i = 0; i < c->n; i++)
		parts[c->rows[i].part] =
		    json_add(parts[c->rows[i].part], json_row(&c->rows[i], &mem));
	for (size_t i = 0; i < COMPARE_PARTS; i++)
		json_put(&o, compare_part_name((enum compare_part)i), parts[i]);
	json_put_str(&o, "says", c->says);
	rc = o.o != NULL && json_dumpf(o.o, out, JSON_COMPACT) == 0 ? 0 : -1;
	putc('\n', out);
	json_decref(o.o);
	arena_done(&mem);
	return rc;
}
