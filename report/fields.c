/*
 * ECS 8: https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
 * OpenTelemetry: https://opentelemetry.io/docs/specs/semconv/
 * What neither has a name for is below "oomwhy.", as both advise.
 */
#include "report/fields.h"
#include "report/text.h"

#include <stdlib.h>

typedef json_t *get_fn(const struct finding *, struct arena *);

static json_t *
str_field(struct arena *mem, struct str s)
{
	return s.n == 0 ? json_null() : json_text(mem, s);
}

static json_t *
bytes_of_kb(int64_t kb)
{
	int64_t bytes;

	return !known(kb) || __builtin_mul_overflow(kb, 1024, &bytes) ? json_null()
								      : json_integer(bytes);
}

static json_t *
number_text(int64_t v)
{
	return known(v) ? json_string(words_number(v).s) : json_null();
}

static const struct diagnosis *
first_diagnosis(const struct finding *f)
{
	return f->diagnoses == NULL || f->diagnoses->n == 0 ? NULL : &f->diagnoses->v[0];
}

static struct place
victim_place(const struct finding *f)
{
	const struct victim *v = event_victim(f->event);
	struct place none = { .kind = PLACE_NONE };

	return v == NULL || f->services == NULL ? none : service_place(f->services, f->event, v);
}

/* A getter of one line: NAME(what it gives). */
#define GET(name, value)                                                                           \
	static json_t *name(const struct finding *f, struct arena *mem)                            \
	{                                                                                          \
		(void)f, (void)mem;                                                                \
		return value;                                                                      \
	}
/* The same of the victim; null without one. */
#define GET_VICTIM(name, value)                                                                    \
	static json_t *name(const struct finding *f, struct arena *mem)                            \
	{                                                                                          \
		const struct victim *v = event_victim(f->event);                                   \
                                                                                                   \
		(void)mem;                                                                         \
		return v == NULL ? json_null() : (value);                                          \
	}
/* And of the first diagnosis. */
#define GET_DIAGNOSIS(name, value)                                                                 \
	static json_t *name(const struct finding *f, struct arena *mem)                            \
	{                                                                                          \
		const struct diagnosis *d = first_diagnosis(f);                                    \
                                                                                                   \
		(void)mem;                                                                         \
		return d == NULL ? json_null() : (value);                                          \
	}

/* clang-format off */
GET(get_id,		json_name(f->event->id))
GET(get_host,		str_field(mem, f->event->host))
GET(get_boot,		str_field(mem, f->event->boot_id))
GET(get_kernel,		str_field(mem, f->event->kernel))
GET(get_linux,		json_string("linux"))
GET(get_kind,		json_name(event_kind_name(f->event->kind)))
GET(get_constraint,	json_name(constraint_name(f->event->constraint)))
GET(get_reason,		json_name(reason_name(f->event->reason)))
GET(get_outcome,	json_name(outcome_name(f->event->outcome)))
GET(get_completeness,	json_name(completeness_name(f->event->completeness)))
GET(get_lost,		json_int(f->event->lost_records))
GET(get_monotonic,	json_int(f->event->mono_us))
GET(get_time_source,	json_name(time_source_name(f->event->real_source)))
GET(get_killer,		str_field(mem, f->event->killer))
GET(get_oom_memcg,	str_field(mem, f->event->cgroup.oom_memcg))
GET(get_victims,	json_integer((json_int_t)f->event->nvictims))
GET(get_tasks,		f->event->tasks.seen ? json_integer((json_int_t)f->event->tasks.n) : json_null())
GET(get_trigger_name,	str_field(mem, f->event->trigger.comm))
GET(get_trigger_pid,	json_int(f->event->trigger.pid))
GET(get_trigger_order,	json_int(f->event->trigger.order))
GET(get_trigger_gfp,	str_field(mem, f->event->trigger.gfp_mask))
GET(get_container,	str_field(mem, victim_place(f).container_id))
GET(get_pod,		str_field(mem, victim_place(f).pod_uid))
GET(get_path,		f->event->nsources == 0 ? json_null() : str_field(mem, f->event->sources[0].path))
GET(get_line,		f->event->nsources == 0 ? json_null() : json_int(f->event->sources[0].first_line))
GET(get_decided_by,	f->verdict == NULL ? json_null() : json_name(f->verdict->decided_by))
GET(get_says,		f->verdict == NULL ? json_null() : str_field(mem, f->verdict->says))

GET(get_sequence,	f->sequence > 0 ? json_integer(f->sequence) : json_null())
GET(get_revision,	f->revision > 0 ? json_integer(f->revision) : json_null())

GET_VICTIM(get_pid,	json_int(v->pid))
GET_VICTIM(get_comm,	str_field(mem, v->comm))
GET_VICTIM(get_uid,	number_text(v->uid))
GET_VICTIM(get_end,	json_time(v->real_us))
GET_VICTIM(get_adj,	json_int(v->oom_score_adj))
GET_VICTIM(get_anon,	bytes_of_kb(v->anon_rss_kb))
GET_VICTIM(get_file,	bytes_of_kb(v->file_rss_kb))
GET_VICTIM(get_shmem,	bytes_of_kb(v->shmem_rss_kb))
GET_VICTIM(get_service,	f->services == NULL ? json_null()
			: str_field(mem, service_of_victim(f->services, f->event, v)))
GET_VICTIM(get_unit,	str_field(mem, v->unit.n > 0 ? v->unit : victim_place(f).unit))
GET_VICTIM(get_cgroup,	str_field(mem, v->cgroup.n > 0 ? v->cgroup : victim_place(f).path))

GET_DIAGNOSIS(get_cause,	json_name(d->id))
GET_DIAGNOSIS(get_confidence,	json_name(confidence_name(d->confidence)))
GET_DIAGNOSIS(get_cause_says,	str_field(mem, d->says))

static const struct field fields[] = {
	{ "event.id",			"log.record.uid",		false,	get_id },
	{ "event.sequence",		"oomwhy.sequence",		false,	get_sequence },
	{ "oomwhy.revision",		"oomwhy.revision",		false,	get_revision },
	{ "host.name",			"host.name",			true,	get_host },
	{ "host.hostname",		NULL,				false,	get_host },
	{ "host.boot.id",		"oomwhy.boot_id",		true,	get_boot },
	{ "host.os.type",		"os.type",			true,	get_linux },
	{ "host.os.kernel",		"os.version",			true,	get_kernel },
	{ "process.pid",		"process.pid",			false,	get_pid },
	{ "process.name",		"process.executable.name",	false,	get_comm },
	{ "process.end",		NULL,				false,	get_end },
	{ "user.id",			"user.id",			false,	get_uid },
	{ "service.name",		"oomwhy.victim.service",	false,	get_service },
	{ "container.id",		"container.id",			false,	get_container },
	{ "kubernetes.pod.uid",		"k8s.pod.uid",			false,	get_pod },
	{ "log.file.path",		"log.file.path",		false,	get_path },
	{ "oomwhy.line",		"oomwhy.line",			false,	get_line },
	{ "oomwhy.kind",		"oomwhy.kind",			false,	get_kind },
	{ "oomwhy.constraint",		"oomwhy.constraint",		false,	get_constraint },
	{ "oomwhy.reason",		"oomwhy.reason",		false,	get_reason },
	{ "oomwhy.outcome",		"oomwhy.outcome",		false,	get_outcome },
	{ "oomwhy.killer",		"oomwhy.killer",		false,	get_killer },
	{ "oomwhy.oom_memcg",		"oomwhy.oom_memcg",		false,	get_oom_memcg },
	{ "oomwhy.monotonic_us",	"oomwhy.monotonic_us",		false,	get_monotonic },
	{ "oomwhy.time_source",		"oomwhy.time_source",		false,	get_time_source },
	{ "oomwhy.victims",		"oomwhy.victims",		false,	get_victims },
	{ "oomwhy.tasks",		"oomwhy.tasks",			false,	get_tasks },
	{ "oomwhy.victim.unit",		"oomwhy.victim.unit",		false,	get_unit },
	{ "oomwhy.victim.cgroup",	"oomwhy.victim.cgroup",		false,	get_cgroup },
	{ "oomwhy.victim.oom_score_adj", "oomwhy.victim.oom_score_adj",	false,	get_adj },
	{ "oomwhy.victim.anon_rss_bytes", "oomwhy.victim.anon_rss_bytes", false, get_anon },
	{ "oomwhy.victim.file_rss_bytes", "oomwhy.victim.file_rss_bytes", false, get_file },
	{ "oomwhy.victim.shmem_rss_bytes", "oomwhy.victim.shmem_rss_bytes", false, get_shmem },
	{ "oomwhy.trigger.name",	"oomwhy.trigger.name",		false,	get_trigger_name },
	{ "oomwhy.trigger.pid",		"oomwhy.trigger.pid",		false,	get_trigger_pid },
	{ "oomwhy.trigger.order",	"oomwhy.trigger.order",		false,	get_trigger_order },
	{ "oomwhy.trigger.gfp_mask",	"oomwhy.trigger.gfp_mask",	false,	get_trigger_gfp },
	{ "oomwhy.verdict.decided_by",	"oomwhy.verdict.decided_by",	false,	get_decided_by },
	{ "oomwhy.verdict.says",	"oomwhy.verdict.says",		false,	get_says },
	{ "oomwhy.diagnosis.id",	"oomwhy.diagnosis.id",		false,	get_cause },
	{ "oomwhy.diagnosis.confidence", "oomwhy.diagnosis.confidence",	false,	get_confidence },
	{ "oomwhy.diagnosis.says",	"oomwhy.diagnosis.says",	false,	get_cause_says },
	{ "oomwhy.completeness",	"oomwhy.completeness",		false,	get_completeness },
	{ "oomwhy.lost_records",	"oomwhy.lost_records",		false,	get_lost },
};
/* clang-format on */

const struct field *
field_at(size_t i)
{
	return i < ARRAY_LEN(fields) ? &fields[i] : NULL;
}

json_t *
field_message(const struct finding *f, struct arena *mem)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	json_t *message;

	(void)mem;
	if (out == NULL)
		return NULL;
	text_brief(out, f);
	message = fclose(out) == 0 ? json_stringn(text, n) : NULL;
	free(text);
	return message;
}
