/*
 * One event a line in the names of the Elastic Common Schema.  Where the time of
 * day is not known there is no "@timestamp": a wrong one would be worse.
 */
#include "report/fields.h"

#include <string.h>

enum { NAME_PART = 32 };

/* "process.pid": the member pid of the object process.  Takes the value.  0 or -1. */
static int
put_at(json_t *top, const char *path, json_t *value)
{
	const char *dot;

	while ((dot = strchr(path, '.')) != NULL) {
		char part[NAME_PART];
		json_t *inner;

		snprintf(part, sizeof part, "%.*s", (int)(dot - path), path);
		inner = json_object_get(top, part);
		if (inner == NULL) {
			inner = json_object();
			if (json_object_set_new(top, part, inner) != 0) {
				json_decref(value);
				return -1;
			}
		}
		top = inner;
		path = dot + 1;
	}
	return json_object_set_new(top, path, value);
}

/* The values ECS allows:
 * https://www.elastic.co/guide/en/ecs/current/ecs-category-field-values-reference.html */
static json_t *
classification(const struct event *ev)
{
	bool died = ev->outcome == OUTCOME_KILLED || ev->kind == EVENT_USERSPACE_KILL;
	bool panic = ev->outcome == OUTCOME_PANIC;

	return json_pack("{s:s, s:[s], s:[s], s:s, s:s, s:s}", "kind", "event", "category",
	    panic ? "host" : "process", "type", died || panic ? "end" : "info", "action",
	    died    ? "oom-kill"
	    : panic ? "oom-panic"
		    : "oom",
	    "module", "oomwhy", "dataset", "oomwhy.event");
}

static int
put_field(json_t *top, const char *path, json_t *value)
{
	if (json_is_null(value))
		return 0;
	return value == NULL ? -1 : put_at(top, path, value);
}

static int
put_all(json_t *top, const struct finding *f, struct arena *mem)
{
	const struct field *field;

	if (put_field(top, "@timestamp", json_time(f->event->real_us)) != 0 ||
	    put_field(top, "ecs.version", json_string("8.11.0")) != 0 ||
	    put_field(top, "message", field_message(f, mem)) != 0 ||
	    put_field(top, "event", classification(f->event)) != 0)
		return -1;
	for (size_t i = 0; (field = field_at(i)) != NULL; i++) {
		if (field->ecs != NULL && put_field(top, field->ecs, field->get(f, mem)) != 0)
			return -1;
	}
	return 0;
}

static void
ecs_event(struct report *rep, const struct finding *f)
{
	struct arena mem = { 0 };
	json_t *top = json_object();

	if (top == NULL || put_all(top, f, &mem) != 0 ||
	    json_dumpf(top, rep->out, JSON_COMPACT) != 0)
		rep->failed = true;
	putc('\n', rep->out);
	rep->shown++;
	json_decref(top);
	arena_done(&mem);
}

const struct renderer render_ecs = { "ecs", .lines = true, .event = ecs_event };
