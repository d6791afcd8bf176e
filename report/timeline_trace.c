/*
 * For trace viewers (Perfetto, speedscope, chrome://tracing): the Trace Event Format, JSON object
 * form.  A timeline is a process; the OOM killer, the victims and the units are its threads;
 * memory is a counter.
 */
#include "report/json.h"
#include "report/timeline.h"
#include "report/timeline_json.h"

enum { THREAD_KERNEL = 1, THREAD_VICTIMS, THREAD_UNITS };

static void
trace_begin(struct report *rep)
{
	fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", rep->out);
}

/* Takes the event. */
static void
put(struct report *rep, json_t *event, bool first)
{
	fputs(first ? "\n" : ",\n", rep->out);
	if (event == NULL || json_dumpf(event, rep->out, JSON_COMPACT) != 0)
		rep->failed = true;
	json_decref(event);
}

/* The kernel's clock, else the wall's; both only grow within a boot. */
static int64_t
stamp(const struct timeline *t, const struct timeline_entry *e)
{
	int64_t us;

	if (!known(e->after_us) || !known(t->v[0].after_us) ||
	    __builtin_sub_overflow(e->after_us, t->v[0].after_us, &us) || us < 0)
		return 0;
	return us;
}

static void
put_names(struct report *rep, const struct timeline *t, json_int_t pid, struct arena *mem)
{
	static const struct {
		int thread;
		const char *name;
	} threads[] = { { THREAD_KERNEL, "OOM killer" }, { THREAD_VICTIMS, "victims" },
		{ THREAD_UNITS, "units" } };
	json_t *host =
	    t->host.p == NULL ? json_string("host not in the log") : json_text(mem, t->host);

	put(rep,
	    json_pack("{s:s, s:s, s:I, s:i, s:i, s:{s:o}}", "ph", "M", "name", "process_name",
		"pid", pid, "tid", 0, "ts", 0, "args", "name", host),
	    rep->shown == 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		put(rep,
		    json_pack("{s:s, s:s, s:I, s:i, s:i, s:{s:s}}", "ph", "M", "name",
			"thread_name", "pid", pid, "tid", threads[i].thread, "ts", 0, "args",
			"name", threads[i].name),
		    false);
}

static int
thread_of(const struct timeline_entry *e)
{
	if (e->unit.p != NULL)
		return THREAD_UNITS;
	return e->victim != NULL || e->type == TIMELINE_REAPED || e->type == TIMELINE_REAP_FAILED
		   ? THREAD_VICTIMS
		   : THREAD_KERNEL;
}

/* From a kill to when its memory was taken back. */
static int64_t
duration(const struct timeline *t, const struct timeline_entry *kill)
{
	for (const struct timeline_entry *e = kill + 1; e < t->v + t->n; e++) {
		if (e->type == TIMELINE_REAPED && e->of == kill->of && e->pid == kill->pid)
			return stamp(t, e) - stamp(t, kill);
	}
	return 0;
}

static void
put_entry(struct report *rep, const struct timeline *t, const struct timeline_entry *e,
    json_int_t pid, struct arena *mem)
{
	bool span = e->type == TIMELINE_KILLED || e->type == TIMELINE_USERSPACE_KILL;
	struct json_object o = json_begin(mem);

	json_put_name(&o, "ph", span ? "X" : "i");
	json_put(&o, "name", json_timeline_words(e));
	json_put_name(&o, "cat", timeline_type_name(e->type));
	json_put(&o, "pid", json_integer(pid));
	json_put_int(&o, "tid", thread_of(e));
	json_put_int(&o, "ts", stamp(t, e));
	if (span)
		json_put_int(&o, "dur", duration(t, e));
	else
		json_put_name(&o, "s", "t");
	json_put(&o, "args",
	    json_pack("{s:o, s:o, s:o}", "event",
		json_name(e->of == NULL ? NULL : e->of->event->id), "time", json_time(e->real_us),
		"line", json_int(e->line)));
	put(rep, o.o, false);
}

static const char *const counters[] = { "free", "active_anon", "inactive_anon", "shmem",
	"slab_reclaimable", "slab_unreclaimable" };

/* What the report says of the machine's memory, in MiB. */
static void
put_counters(struct report *rep, const struct timeline *t, const struct timeline_entry *e,
    json_int_t pid, struct arena *mem)
{
	const struct event *ev = e->of->event;
	struct json_object o = json_begin(mem);
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(counters); i++) {
		int64_t kb = pages_kb(ev, counter_get(&ev->memory.global_pages, counters[i]));

		if (!known(kb))
			continue;
		json_put(&o, counters[i], json_real((double)kb / 1024));
		any = true;
	}
	if (any)
		put(rep,
		    json_pack("{s:s, s:s, s:I, s:i, s:I, s:o}", "ph", "C", "name", "memory, MiB",
			"pid", pid, "tid", 0, "ts", (json_int_t)stamp(t, e), "args", o.o),
		    false);
	else
		json_decref(o.o);
}

static void
trace_one(struct report *rep, const struct timeline *t)
{
	struct arena mem = { 0 };
	json_int_t pid = (json_int_t)rep->shown + 1;

	put_names(rep, t, pid, &mem);
	for (size_t i = 0; i < t->n; i++) {
		put_entry(rep, t, &t->v[i], pid, &mem);
		if (t->v[i].type == TIMELINE_INVOKED)
			put_counters(rep, t, &t->v[i], pid, &mem);
	}
	rep->shown++;
	arena_done(&mem);
}

static void
trace_end(struct report *rep)
{
	fputs("]}\n", rep->out);
}

const struct timeline_format timeline_trace = { "trace", trace_begin, trace_one, trace_end };
