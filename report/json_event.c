/* One event as JSON, "oomwhy.event/1": see docs/schema/oomwhy.event-1.json. */
#include "report/json.h"

/* An object being written: its members are built, written and freed one by one. */
struct members {
	FILE *out;
	struct arena mem; /* of one event */
	bool begun;
	bool failed;
};

static void
key(struct members *m, const char *name)
{
	fprintf(m->out, "%s\"%s\":", m->begun ? "," : "{", name);
	m->begun = true;
}

/* Takes the value. */
static void
put(struct members *m, const char *name, json_t *value)
{
	key(m, name);
	if (value == NULL || json_dumpf(value, m->out, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
		m->failed = true;
	json_decref(value);
}

static void
put_str(struct members *m, const char *name, struct str s)
{
	put(m, name, json_text(&m->mem, s));
}

static void
put_time(struct members *m, const struct event *ev)
{
	put(m, "time", json_time(ev->real_us));
	put(m, "time_source", json_name(time_source_name(ev->real_source)));
	put(m, "time_error_us", json_int(ev->real_error_us));
	put(m, "monotonic_us", json_int(ev->mono_us));
}

static void
put_head(struct members *m, const struct event *ev)
{
	put(m, "schema", json_name("oomwhy.event/1"));
	put(m, "kind", json_name(event_kind_name(ev->kind)));
	put(m, "id", json_name(ev->id));
	put_str(m, "host", ev->host);
	put_str(m, "boot_id", ev->boot_id);
	put_str(m, "kernel", ev->kernel);
	put(m, "kernel_from_boot", json_boolean(ev->kernel_from_boot));
	put_str(m, "hardware", ev->hardware);
	put_str(m, "tainted", ev->tainted);
	put(m, "page_size", json_int(ev->page_size));
	put(m, "page_size_from_boot", json_boolean(ev->page_size_from_boot));
	put(m, "trust", json_name(ev->trust_kernel ? "kernel" : "text"));
	put_time(m, ev);
	put(m, "constraint", json_name(constraint_name(ev->constraint)));
	put(m, "reason", json_name(reason_name(ev->reason)));
	put(m, "outcome", json_name(outcome_name(ev->outcome)));
	put_str(m, "outcome_text", ev->outcome_text);
	put_str(m, "killer", ev->killer);
	put_str(m, "killer_reason", ev->killer_reason);
}

static json_t *
missing(const struct event *ev, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < ev->nmissing; i++)
		all = json_add(all, json_text(mem, ev->missing[i]));
	return all;
}

static json_t *
unknown_lines(const struct event *ev, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < ev->nlines; i++) {
		struct json_object o;

		if (ev->lines[i].use != LINE_UNKNOWN)
			continue;
		o = json_begin(mem);
		json_put_int(&o, "line", ev->lines[i].line);
		json_put_str(&o, "text", ev->lines[i].text);
		all = json_add(all, o.o);
	}
	return all;
}

static json_t *
sources(const struct event *ev, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < ev->nsources; i++) {
		const struct event_source *s = &ev->sources[i];
		struct json_object o = json_begin(mem);

		json_put_name(&o, "kind", ev->format);
		json_put_str(&o, "path", s->path);
		json_put_int(&o, "first_line", s->first_line);
		json_put_int(&o, "last_line", s->last_line);
		all = json_add(all, o.o);
	}
	return all;
}

int
json_write_event(FILE *out, const struct finding *f)
{
	struct members m = { .out = out };
	const struct event *ev = f->event;

	put_head(&m, ev);
	if (f->revision > 0) {
		put(&m, "sequence", json_int(f->sequence));
		put(&m, "revision", json_int(f->revision));
	}
	put(&m, "trigger", json_trigger(ev, &m.mem));
	put(&m, "cgroup", json_cgroup(ev, &m.mem));
	put(&m, "victims", json_victims(f, &m.mem));
	put(&m, "aftermath", json_aftermath(ev, &m.mem));
	key(&m, "tasks");
	json_write_tasks(out, f);
	put(&m, "memory", json_memory(ev, &m.mem));
	put(&m, "verdict", json_verdict(f->verdict, &m.mem));
	put(&m, "ledger", json_ledger(f->ledgers, &m.mem));
	put(&m, "services", json_services(f->services, ev, &m.mem));
	put(&m, "diagnoses", json_diagnoses(f->diagnoses, &m.mem));
	put(&m, "trend", json_trend(f, &m.mem));
	put(&m, "witness", json_witness(ev, &m.mem));
	put(&m, "completeness", json_name(completeness_name(ev->completeness)));
	put(&m, "missing", missing(ev, &m.mem));
	put(&m, "lost_records", json_int(ev->lost_records));
	put(&m, "unknown_lines", unknown_lines(ev, &m.mem));
	put(&m, "sources", sources(ev, &m.mem));
	putc('}', out);
	arena_done(&m.mem);
	return m.failed ? -1 : 0;
}
