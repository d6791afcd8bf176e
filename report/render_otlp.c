/*
 * One event a line as OTLP/JSON, the shape that collectors read from files:
 * opentelemetry-proto, collector/logs/v1/logs_service.proto, ExportLogsServiceRequest.
 * Where the time of day is not known there is no timeUnixNano, which means "unknown" there.
 */
#include "report/fields.h"

/* AnyValue: 64-bit integers are strings in the JSON of protocol buffers.  Takes the value. */
static json_t *
any_value(json_t *v)
{
	json_t *any = NULL;

	if (json_is_string(v))
		return json_pack("{s:o}", "stringValue", v);
	if (json_is_boolean(v))
		return json_pack("{s:o}", "boolValue", v);
	if (json_is_integer(v))
		any = json_pack("{s:s}", "intValue", words_number(json_integer_value(v)).s);
	json_decref(v);
	return any;
}

static json_t *
attributes(const struct finding *f, bool resource, struct arena *mem)
{
	json_t *all = json_array();
	const struct field *field;

	for (size_t i = 0; (field = field_at(i)) != NULL; i++) {
		json_t *v;

		if (field->otel == NULL || field->resource != resource)
			continue;
		v = field->get(f, mem);
		if (json_is_null(v))
			continue;
		if (v != NULL)
			v = json_pack("{s:s, s:o}", "key", field->otel, "value", any_value(v));
		all = json_add(all, v);
	}
	return all;
}

/* Severity: logs/data-model.md, "Field: SeverityNumber". */
static void
put_severity(struct json_object *o, const struct event *ev)
{
	bool killed = ev->outcome == OUTCOME_KILLED || ev->kind == EVENT_USERSPACE_KILL;
	bool panic = ev->outcome == OUTCOME_PANIC;

	json_put_int(o, "severityNumber", panic ? 21 : killed ? 17 : 13);
	json_put_name(o, "severityText", panic ? "FATAL" : killed ? "ERROR" : "WARN");
}

static json_t *
log_record(const struct finding *f, struct arena *mem)
{
	struct json_object o = json_begin(mem);
	const struct event *ev = f->event;
	int64_t ns;

	if (known(ev->real_us) && ev->real_us >= 0 &&
	    !__builtin_mul_overflow(ev->real_us, 1000, &ns))
		json_put_name(&o, "timeUnixNano", words_number(ns).s);
	put_severity(&o, ev);
	json_put_name(&o, "eventName", "oomwhy.oom");
	json_put(&o, "body", json_pack("{s:o}", "stringValue", field_message(f, mem)));
	json_put(&o, "attributes", attributes(f, false, mem));
	return o.o;
}

static void
otlp_event(struct report *rep, const struct finding *f)
{
	struct arena mem = { 0 };
	json_t *top = json_pack("{s:[{s:{s:o}, s:[{s:{s:s}, s:[o]}]}]}", "resourceLogs", "resource",
	    "attributes", attributes(f, true, &mem), "scopeLogs", "scope", "name", "oomwhy",
	    "logRecords", log_record(f, &mem));

	if (top == NULL || json_dumpf(top, rep->out, JSON_COMPACT) != 0)
		rep->failed = true;
	putc('\n', rep->out);
	rep->shown++;
	json_decref(top);
	arena_done(&mem);
}

const struct renderer render_otlp = { "otlp", .lines = true, .event = otlp_event };
