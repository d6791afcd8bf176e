/* Where processes lived: from the cgroup paths of the log, and from a witness. */
#include "analyze/service_internal.h"

bool
is_pid_of(int64_t pid, const struct task *t)
{
	return known(pid) && (pid == t->pid || pid == t->tgid);
}

int
service_witness(struct event *ev, const struct witness **ret)
{
	struct witness *w;

	*ret = NULL;
	if (ev->witness.p == NULL)
		return 0;
	w = arena_alloc(&ev->mem, sizeof(*w));
	if (w == NULL)
		return -1;
	if (witness_parse(ev->witness, w))
		*ret = w;
	return 0;
}

/* A pid alone may have been given to another process since. */
static struct str
witnessed(const struct witness *w, const struct task *t)
{
	for (size_t i = 0; w != NULL && i < w->n; i++) {
		const struct survivor *s = &w->survivors[i];

		if (is_pid_of(s->pid, t) && s->cgroup_n > 0 &&
		    str_eq((struct str){ s->comm, s->comm_n }, t->comm))
			return (struct str){ s->cgroup, s->cgroup_n };
	}
	return STR_NONE;
}

/* Paths are known of the victims, of whom a witness saw, and of all where a cgroup's limit was
 * hit: theirs are below it. */
struct str
service_path(const struct event *ev, const struct witness *w, const struct task *t)
{
	const struct victim *v = event_victim(ev);
	struct str seen = witnessed(w, t);

	if (v != NULL && is_pid_of(v->pid, t) && ev->cgroup.task_memcg.p != NULL)
		return ev->cgroup.task_memcg;
	if (seen.p != NULL)
		return seen;
	return ev->constraint == CONSTRAINT_MEMCG ? ev->cgroup.oom_memcg : STR_NONE;
}

/* The path that all of its processes were seen in; STR_NONE: in several, or one was not seen. */
static struct str
path_seen(const struct service *s, const struct event *ev, const struct witness *w)
{
	struct str path = STR_NONE;

	for (size_t i = 0; w != NULL && i < s->ntasks; i++) {
		struct str one = witnessed(w, &ev->tasks.v[s->tasks[i]]);

		if (one.p == NULL || (i > 0 && !str_eq(one, path)))
			return STR_NONE;
		path = one;
	}
	return path;
}

static bool
is_name(enum place_kind kind)
{
	return kind == PLACE_UNIT || kind == PLACE_CONTAINER || kind == PLACE_POD ||
	       kind == PLACE_VM;
}

/* A unit or container is a better name than that of a program. */
int
service_places(
    const struct services *all, struct service *v, struct event *ev, const struct witness *w)
{
	bool memcg = ev->constraint == CONSTRAINT_MEMCG;

	for (size_t i = 0; i < all->n; i++) {
		bool victim = v[i].victim && all->victim_place.kind != PLACE_NONE;
		struct str seen = victim ? STR_NONE : path_seen(&v[i], ev, w);

		v[i].place = victim  ? all->victim_place
			     : memcg ? all->oom_place
				     : (struct place){ .kind = PLACE_NONE, .uid = UNKNOWN };
		if (seen.p != NULL) {
			v[i].place = place_of(&ev->mem, seen);
			v[i].witnessed = true;
			if (v[i].place.name.p == NULL)
				return -1;
		}
		if (v[i].kind != SERVICE_NAME ||
		    !(seen.p != NULL ? is_name(v[i].place.kind)
				     : victim && !memcg && v[i].place.kind == PLACE_UNIT))
			continue;
		v[i].kind = SERVICE_CGROUP;
		v[i].name = v[i].place.name;
	}
	return 0;
}

/* Of a kernel's kill the path of the chosen one is printed; a user-space killer's line has
 * its own. */
struct place
service_place(const struct services *all, const struct event *ev, const struct victim *v)
{
	struct place none = { .kind = PLACE_NONE, .uid = UNKNOWN };

	if (v == event_victim(ev) && all->victim_place.kind != PLACE_NONE)
		return all->victim_place;
	return ev->constraint == CONSTRAINT_MEMCG ? all->oom_place : none;
}

struct str
service_of_victim(const struct services *all, const struct event *ev, const struct victim *v)
{
	const struct service *s = service_of_pid(all, ev, v->pid);
	struct place place = service_place(all, ev, v);
	const char *name = service_known(v->comm, NULL);

	if (s != NULL && s->kind == SERVICE_RULE)
		return s->name;
	if (name != NULL)
		return str_from(name);
	if (place.kind == PLACE_UNIT)
		return place.app.p != NULL ? place.app : place.unit;
	return v->comm.p != NULL ? v->comm : v->unit;
}
