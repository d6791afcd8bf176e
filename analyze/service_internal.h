/* Shared by analyze/service*.c. */
#ifndef OOMWHY_ANALYZE_SERVICE_INTERNAL_H
#define OOMWHY_ANALYZE_SERVICE_INTERNAL_H

#include "analyze/services.h"
#include "model/witness.h"

/* Which processes of a name belong together. */
enum pooling {
	ONE_POOL,   /* all of them, whatever user: a parent of root with its workers */
	BY_USER,    /* those of one user and one oom_score_adj */
	BY_PROCESS, /* each is a service of its own */
};

struct service_name {
	const char *name;
	enum service_class class;
	enum pooling pooling;
	const char *globs; /* of process names, between '|' */
};

/* NULL: not in the table. */
const struct service_name *service_name_of(struct str comm);

/* The program's own name in that of a process: "php-fpm8.2" is one, "gunicorn" that of
 * "gunicorn: shop".  STR_NONE: not in the table. */
struct str service_program(struct str comm);

/* service_place.c.  NULL: nobody was there; -1: no memory. */
int service_witness(struct event *, const struct witness **ret);
bool is_pid_of(int64_t pid, const struct task *);
/* The cgroup of a process, or one that it is below; STR_NONE. */
struct str service_path(const struct event *, const struct witness *, const struct task *);
/* Where each of them lived; some get a better name by it. */
int service_places(
    const struct services *, struct service *, struct event *, const struct witness *);

/* The user's name for a process or cgroup; STR_NONE: no rule fits.  rules may be NULL. */
struct str service_rule_of(const struct service_rules *, struct str comm, struct str cgroup);

#endif
