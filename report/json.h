/*
 * Building JSON by jansson.  Private to report/json_*.c and the renderers of
 * JSON.
 *
 * Every function that makes a value returns NULL when memory runs out or when a
 * part of it was NULL, so that only the caller at the top has to look.
 */
#ifndef OOMWHY_REPORT_JSON_H
#define OOMWHY_REPORT_JSON_H

#include "report/report.h"
#include "report/words.h"

#include <jansson.h>

/* An integer member of a struct, and the key it has in JSON. */
struct json_field {
	const char *key;
	size_t at; /* offsetof */
};

/* An object under construction; .o is NULL from the first failure on. */
struct json_object {
	json_t *o;
	struct arena *mem; /* for escaped text */
};

struct json_object json_begin(struct arena *);
void json_put(struct json_object *, const char *key, json_t *value); /* takes the value */
void json_put_int(struct json_object *, const char *key, int64_t);
void json_put_str(struct json_object *, const char *key, struct str);
void json_put_name(struct json_object *, const char *key, const char *name);
void json_put_bool(struct json_object *, const char *key, bool);
void json_put_time(struct json_object *, const char *key, int64_t us);
void json_put_fields(
    struct json_object *, const void *from, const struct json_field *fields, size_t n);

json_t *json_int(int64_t);		       /* unknown: null */
json_t *json_time(int64_t us);		       /* RFC 3339; unknown: null */
json_t *json_text(struct arena *, struct str); /* escaped; unknown: null */
json_t *json_name(const char *);	       /* our own text; NULL: null */
/* Append to an array and hand it on; NULL if either is. */
json_t *json_add(json_t *array, json_t *value);

/* json_memory.c */
json_t *json_memory(const struct event *, struct arena *);
json_t *json_counters(const struct counters *, struct arena *);
/* json_cgroup.c */
json_t *json_cgroup(const struct event *, struct arena *);
/* json_victims.c */
json_t *json_trigger(const struct event *, struct arena *);
json_t *json_victims(const struct finding *, struct arena *);
json_t *json_aftermath(const struct event *, struct arena *);
/* json_verdict.c */
json_t *json_verdict(const struct verdict *, struct arena *);
/* json_ledger.c */
json_t *json_ledger(const struct ledgers *, struct arena *);
/* json_services.c */
json_t *json_services(const struct services *, const struct event *, struct arena *);
/* json_diagnoses.c */
json_t *json_diagnoses(const struct diagnoses *, struct arena *);
/* json_tasks.c: written, not built: it is most of the output. */
void json_write_tasks(FILE *, const struct finding *);
/* json_trend.c */
json_t *json_trend(const struct finding *, struct arena *);
/* json_witness.c; null where nobody was there */
json_t *json_witness(const struct event *, struct arena *);
/* json_event.c: one oomwhy.event/1 on one line, without a newline.  -1: no memory. */
int json_write_event(FILE *, const struct finding *);
/* json_searched.c */
json_t *json_searched(const struct searched *, struct arena *);
json_t *json_incidents(const struct incident_list *, struct arena *);

#endif
