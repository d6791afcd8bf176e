/* What memory there is, and what is done with it before anybody is killed. */
#include "analyze/arith.h"
#include "analyze/doctor.h"

#include <inttypes.h>

enum {
	COMMIT_HIGH = 90, /* per cent of the limit */
	MIN_FREE_HIGH = 5,
	SWAP_LOW = 5,
	HUGE_IDLE_HIGH = 10,
	LIMIT_NEAR = 90,
	PRESSURE_SOME = 1000, /* hundredths of a per cent */
	PRESSURE_FULL = 500,
};

/* a in per cent of b; UNKNOWN where one is or b is nothing. */
static int64_t
per_cent(int64_t a, int64_t b)
{
	return known(b) && b > 0 ? scaled(a, 100, b) : UNKNOWN;
}

/* Documentation/mm/overcommit-accounting.rst */
void
check_overcommit(const struct patient *p, struct remark *r)
{
	const struct meminfo *m = &p->machine->memory;
	int64_t share = per_cent(m->committed_kb, m->commit_limit_kb);

	switch (p->machine->sysctls.overcommit_memory) {
	case 0:
		remark_say(p, r, SEVERITY_OK,
		    "vm.overcommit_memory is 0: only requests that are absurd by themselves are "
		    "refused");
		return;
	case 1:
		remark_say(p, r, SEVERITY_NOTE,
		    "vm.overcommit_memory is 1: every request is granted, so that the lack shows "
		    "only "
		    "when memory is used, by a kill.  It makes kills more likely, not less");
		return;
	case 2:
		break;
	default:
		return;
	}
	if (!known(share)) {
		remark_say(p, r, SEVERITY_NOTE,
		    "vm.overcommit_memory is 2: requests beyond the commit limit fail");
		return;
	}
	remark_say(p, r, share >= COMMIT_HIGH ? SEVERITY_WARNING : SEVERITY_NOTE,
	    "vm.overcommit_memory is 2: requests beyond the commit limit fail, and %s of %s are "
	    "promised (%" PRId64
	    " %%).  Programs see it as failed allocations and forks; limits of "
	    "cgroups still kill",
	    doctor_kb(p, m->committed_kb), doctor_kb(p, m->commit_limit_kb), share);
	if (share >= COMMIT_HIGH)
		remark_command(
		    p, r, "sysctl -w vm.overcommit_ratio=80: or add swap, which counts in full");
}

void
check_min_free(const struct patient *p, struct remark *r)
{
	int64_t min = p->machine->sysctls.min_free_kbytes, total = p->machine->memory.total_kb;
	int64_t share = per_cent(min, total);

	if (!known(share))
		return;
	remark_say(p, r, share >= MIN_FREE_HIGH ? SEVERITY_WARNING : SEVERITY_OK,
	    "vm.min_free_kbytes keeps %s from processes, %" PRId64 " %% of the RAM",
	    doctor_kb(p, min), share);
	if (share >= MIN_FREE_HIGH)
		remark_command(p, r, "sysctl -w vm.min_free_kbytes=%" PRId64, total / 100);
}

void
check_swap(const struct patient *p, struct remark *r)
{
	const struct meminfo *m = &p->machine->memory;
	int64_t left = per_cent(m->swap_free_kb, m->swap_total_kb);

	if (m->swap_total_kb == 0) {
		remark_say(p, r, SEVERITY_NOTE,
		    "there is no swap: anonymous memory stays in RAM until its process ends");
		return;
	}
	if (known(left) && left < SWAP_LOW)
		remark_say(p, r, SEVERITY_WARNING, "swap is full: %s of %s are free",
		    doctor_kb(p, m->swap_free_kb), doctor_kb(p, m->swap_total_kb));
	else if (p->machine->sysctls.swappiness == 0)
		remark_say(p, r, SEVERITY_NOTE,
		    "there are %s of swap, and vm.swappiness is 0: since Linux 3.5 it is then used "
		    "only when the page cache is nearly gone, and not at all at the limit of a "
		    "cgroup",
		    doctor_kb(p, m->swap_total_kb));
	else
		remark_say(
		    p, r, SEVERITY_OK, "there are %s of swap", doctor_kb(p, m->swap_total_kb));
}

void
check_compressed(const struct patient *p, struct remark *r)
{
	const struct machine *m = p->machine;
	bool zram = known(m->zram_devices) && m->zram_devices > 0;
	bool zswap = known(m->zswap_enabled) && m->zswap_enabled > 0;

	if (!zram && !zswap)
		return;
	remark_say(p, r, SEVERITY_NOTE,
	    "%s: what is swapped out is compressed into RAM.  Swap that looks free can then not be "
	    "filled when memory is short, and a report shows the pool as nobody's memory%s%s",
	    zram ? (zswap ? "zram and zswap" : "zram is swap here") : "zswap is on",
	    known(m->memory.zswap_kb) && zswap ? "; now " : "",
	    known(m->memory.zswap_kb) && zswap ? doctor_kb(p, m->memory.zswap_kb) : "");
}

void
check_huge_pages(const struct patient *p, struct remark *r)
{
	const struct meminfo *m = &p->machine->memory;
	int64_t pool = times(m->huge_total, m->huge_size_kb);
	int64_t idle = times(m->huge_free, m->huge_size_kb);
	bool much;

	if (m->huge_total == 0 || !known(pool) || !known(idle))
		return;
	much = known(m->total_kb) && per_cent(idle, m->total_kb) >= HUGE_IDLE_HIGH;
	remark_say(p, r, much ? SEVERITY_WARNING : SEVERITY_NOTE,
	    "%s are reserved as huge pages, of which %s are not used", doctor_kb(p, pool),
	    doctor_kb(p, idle));
	if (much)
		remark_command(
		    p, r, "sysctl -w vm.nr_hugepages=%" PRId64, minus(m->huge_total, m->huge_free));
}

void
check_limits(const struct patient *p, struct remark *r)
{
	const struct groups *gs = &p->machine->groups;
	const struct group *most_full = NULL;
	int64_t highest = LIMIT_NEAR - 1;
	size_t limited = 0, near = 0;

	for (size_t i = 0; i < gs->n; i++) {
		const struct group *g = &gs->v[i];
		int64_t share;

		if (!known(g->limit_kb) || g->limit_kb == INT64_MAX)
			continue;
		limited++;
		share = per_cent(g->usage_kb, g->limit_kb);
		if (!known(share) || share < LIMIT_NEAR)
			continue;
		near++;
		if (share > highest) {
			highest = share;
			most_full = g;
		}
	}
	if (limited > 0 && most_full == NULL)
		remark_say(
		    p, r, SEVERITY_OK, "%zu cgroups have a limit, none uses 90 %% of it", limited);
	if (most_full == NULL)
		return;
	/* The page cache of a cgroup fills it to its limit and is given back for the asking. */
	remark_say(p, r, SEVERITY_NOTE,
	    "%zu of %zu cgroups with a limit use 90 %% of it or more, first %.*s: %s of %s.  Page "
	    "cache counts, and is given back when needed",
	    near, limited, STR_ARG(most_full->path), doctor_kb(p, most_full->usage_kb),
	    doctor_kb(p, most_full->limit_kb));
	remark_command(p, r, "oomwhy next --cgroup=%.*s", STR_ARG(most_full->path));
}

void
check_pressure(const struct patient *p, struct remark *r)
{
	const struct pressure *v = &p->machine->pressure;
	bool bad = known(v->full60) && v->full60 >= PRESSURE_FULL;
	bool some = v->some60 >= PRESSURE_SOME;

	remark_say(p, r,
	    bad	   ? SEVERITY_PROBLEM
	    : some ? SEVERITY_WARNING
		   : SEVERITY_OK,
	    "in the last minute some task waited for memory %" PRId64 ".%02" PRId64
	    " %% of the time",
	    v->some60 / 100, v->some60 % 100);
	if (bad || some)
		remark_command(p, r, "oomwhy next: shows who would be killed");
}
