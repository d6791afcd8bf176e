/* Memory that was there, and that this process was not allowed to use. */
#include "analyze/rule.h"

static const struct wrong_advice more_ram[] = {
	{ "add RAM or swap", "The rest of the machine has memory: the binding is what ran out." },
};

static bool
cpuset_bound(const struct facts *f)
{
	return f->global && f->ev->constraint == CONSTRAINT_CPUSET;
}

/* Only zones for movable pages, and a request that must not be moved (5.8 to 5.15 kill for it). */
static bool
only_movable(const struct facts *f)
{
	bool any = false;

	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		enum zone_class class;

		if (!zone_class_of(f->ev->memory.zones[i].name, &class))
			continue;
		if (class != ZONE_MOVABLE)
			return false;
		any = true;
	}
	return any && f->class_known && !f->movable;
}

static void
prove_place(struct brief *b)
{
	const struct event *ev = b->f->ev;

	if (ev->cgroup.mems_allowed.n > 0)
		proof(b, ev->summary.line, "mems_allowed=%.*s", STR_ARG(ev->cgroup.mems_allowed));
	else
		proof(b, ev->summary.line, "the constraint is printed");
	if (known(b->f->free) && known(b->f->managed))
		proof(b, b->f->machine_line, "%s of %s are free on the whole machine",
		    size(b, b->f->free), size(b, b->f->managed));
	else if (known(b->f->free))
		proof(
		    b, b->f->machine_line, "%s are free on the whole machine", size(b, b->f->free));
}

static void
tell_cpuset(struct brief *b)
{
	const struct event *ev = b->f->ev;

	if (only_movable(b->f))
		says(b, "The process is bound to a node that has only movable memory, and what it "
			"asked for may not be there: no kill can ever help.");
	else
		says(b,
		    "The process is bound by its cpuset to memory node %s, and that was full; "
		    "the machine was not.",
		    ev->cgroup.mems_allowed.n > 0 ? name(b, ev->cgroup.mems_allowed) : "(which?)");
	prove_place(b);
	advise(b, "Allow it more nodes, one with ordinary memory among them.");
	by_lines(b, "systemctl edit UNIT", "[Service]\nAllowedMemoryNodes=0-1");
	at_price(b,
	    "Memory of another node is slower; docker's --cpuset-mems and libvirt's numatune "
	    "are set there instead.");
}

static bool
numa_bound(const struct facts *f)
{
	return f->global && f->ev->constraint == CONSTRAINT_MEMORY_POLICY;
}

static void
tell_numa(struct brief *b)
{
	const struct event *ev = b->f->ev;

	says(b,
	    "The process asked for memory of node %s only (numactl --membind or mbind()), and "
	    "that was full. The kernel scores by all memory of a process, so it may kill one that "
	    "frees nothing there.",
	    ev->cgroup.nodemask.n > 0 ? name(b, ev->cgroup.nodemask) : "(which?)");
	if (ev->cgroup.nodemask.n > 0)
		proof(b, ev->summary.line, "nodemask=%.*s", STR_ARG(ev->cgroup.nodemask));
	prove_place(b);
	advise(b, "Prefer the node instead of binding to it, or spread over all of them.");
	by_command(b, "numactl --preferred=0 PROGRAM    # or: numactl --interleave=all PROGRAM");
	at_price(b, "Memory of another node is slower.");
}

const struct diagnosis_rule rules_node[] = {
	{ .id = "cpuset-bound",
	    .title = "Bound to memory nodes by a cpuset",
	    .band = BAND_LIMIT,
	    .fires = cpuset_bound,
	    .tell = tell_cpuset,
	    WRONG(more_ram) },
	{ .id = "numa-node-bound",
	    .title = "Bound to a memory node by policy",
	    .band = BAND_LIMIT,
	    .fires = numa_bound,
	    .tell = tell_numa,
	    WRONG(more_ram) },
	{ .id = NULL },
};
