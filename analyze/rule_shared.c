/* Memory that several processes map, or none: tmpfs, shared segments, page tables. */
#include "analyze/rule.h"

static const struct wrong_advice shmem_wrong[] = {
	{ "echo 3 > /proc/sys/vm/drop_caches", "Such files are counted as cache but live nowhere "
					       "else; they are never dropped." },
	{ "kill the processes", "Files stay when their writers die." },
};
static const struct wrong_advice sum_wrong[] = {
	{ "add up RES or RSS of all its processes", "Each contains the same shared memory." },
	{ "oom_score_adj -1000 for the postmaster", "Every backend inherits it, unless "
						    "PG_OOM_ADJUST_FILE is set." },
};

/* What of tmpfs and shared memory the largest crowd maps; the rest is files. */
static int64_t
mapped_shmem(const struct facts *f)
{
	int64_t most_mapped = UNKNOWN;

	for (size_t i = 0; i < f->ncrowds; i++) {
		const struct crowd *c = &f->crowds[i];
		int64_t kb = times(c->largest->rss_shmem_pages, f->page_kb);

		if (known(kb) && (!known(most_mapped) || kb > most_mapped))
			most_mapped = kb;
	}
	return most_mapped;
}

static bool
tmpfs_filled(const struct facts *f)
{
	int64_t shmem = f->memcg ? f->cg_shmem : f->shmem;
	int64_t mapped = mapped_shmem(f);

	return f->ev->kind == EVENT_KERNEL_OOM && sharers_of(f) == NULL &&
	       (f->memcg ? share_is(shmem, f->usage, 300)
			 : share_is(shmem, f->managed, 200) ||
			       (!known(f->managed) && share_is(shmem, f->listed, 500))) &&
	       (!known(mapped) || !share_is(mapped, shmem, 500));
}

static void
tell_tmpfs(struct brief *b)
{
	const struct facts *f = b->f;
	int64_t shmem = f->memcg ? f->cg_shmem : f->shmem;
	int64_t of = known(f->ran_out) ? f->ran_out : f->listed;

	if (!known(f->ran_out))
		unsure(b, CONFIDENCE_POSSIBLE);
	b->weight = permille(shmem, of);
	says(b,
	    "%s (%s) are held by files in memory: tmpfs, /dev/shm, memfd or shared segments. "
	    "Killing processes does not free them; deleting the files does.",
	    size(b, shmem), percent(b, shmem, of));
	proof(b, f->memcg ? f->ev->cgroup.stats[0].line : f->ev->memory.line, "shmem %s of %s",
	    size(b, shmem), size(b, of));
	if (f->global && f->ncrowds > 0 && !f->crowds[0].private_is_known)
		but(b, "how much of it processes map is not in this kernel's list");
	advise(b, "Find the files, deleted ones that are still open among them.");
	by_command(b, "df -t tmpfs; du -xsh /dev/shm /tmp /run; ipcs -m; lsof +L1");
	advise(b, "Give the file system a size that the machine can spare.");
	by_lines(b, "/etc/fstab", "tmpfs /tmp tmpfs size=%lldM,mode=1777 0 0",
	    (long long)most(1, of / 1024 / 8));
	at_price(b, "Writers get ENOSPC when it is full.");
}

static bool
shared_counted_twice(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && sharers_of(f) != NULL;
}

static void
tell_sharers(struct brief *b)
{
	const struct facts *f = b->f;
	const struct crowd *c = sharers_of(f);
	int64_t shmem = f->memcg ? f->cg_shmem : f->shmem;

	b->weight = permille(shmem, f->ran_out);
	says(b,
	    "The %zu processes of %s share one memory, and each one's size contains all of it: "
	    "their sizes add up to %s, where shared memory is %s in all. The kernel's scores "
	    "count it in each of them too.",
	    c->n, name(b, c->comm), size(b, c->rss_kb), size(b, shmem));
	proof(b, c->largest->line, "%.*s: %s resident", STR_ARG(c->comm),
	    size(b, times(c->largest->rss_pages, f->page_kb)));
	proof(b, f->memcg ? f->ev->cgroup.stats[0].line : f->ev->memory.line, "shmem %s",
	    size(b, shmem));
	if (c->class == CLASS_SHARED_DATABASE) {
		advise(b,
		    "Size the shared memory by the limit that applies, and put it in huge pages.");
		by_lines(b, "postgresql.conf", "shared_buffers = %lldMB\nhuge_pages = on",
		    (long long)most(1, f->ran_out / 1024 / 4));
		at_price(
		    b, "More reads from the disk; huge pages must be reserved before the start.");
		advise(b, "Protect the postmaster alone.");
		by_lines(b, "systemctl edit postgresql",
		    "[Service]\nOOMScoreAdjust=-900\n"
		    "Environment=PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj "
		    "PG_OOM_ADJUST_VALUE=0");
		at_price(b, "A backend dies instead, and the server restarts all of them.");
	} else {
		advise(b, "Make the shared segment smaller.");
		by_command(b, "ipcs -m; ls -l /dev/shm");
		at_price(b, "Killing all of them but one frees next to nothing.");
	}
}

/* The threshold is judgement: below 5 % they are no cause. */
static bool
pagetables(const struct facts *f)
{
	const struct crowd *most_tables = NULL;

	for (size_t i = 0; i < f->ncrowds; i++) {
		if (known(f->crowds[i].pgtables_kb) &&
		    (most_tables == NULL || f->crowds[i].pgtables_kb > most_tables->pgtables_kb))
			most_tables = &f->crowds[i];
	}
	return f->global && share_is(f->pagetables, f->managed, 100) &&
	       (most_tables == NULL || most_tables->n >= 2);
}

static void
tell_pagetables(struct brief *b)
{
	const struct facts *f = b->f;

	b->weight = permille(f->pagetables, f->managed);
	says(b,
	    "%s (%s of RAM) are page tables: many processes map the same large memory by small "
	    "pages, and each pays for its own map of it.",
	    size(b, f->pagetables), percent(b, f->pagetables, f->managed));
	proof(b, f->ev->memory.line, "pagetables %s of %s", size(b, f->pagetables),
	    size(b, f->managed));
	advise(b, "Map the shared memory by huge pages, and have fewer connections.");
	by_lines(b, "postgresql.conf", "huge_pages = on");
	at_price(b, "vm.nr_hugepages must be reserved before the start.");
}

const struct diagnosis_rule rules_shared[] = {
	{ .id = "shmem-tmpfs-filled",
	    .title = "Files in memory",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = tmpfs_filled,
	    .tell = tell_tmpfs,
	    WRONG(shmem_wrong) },
	{ .id = "postgres-shared-buffers-double-count",
	    .title = "Shared memory counted repeatedly",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = shared_counted_twice,
	    .tell = tell_sharers,
	    WRONG(sum_wrong) },
	{ .id = "pagetables-without-hugepages",
	    .title = "Page tables",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(pagetables), FACT(managed) },
	    .fires = pagetables,
	    .tell = tell_pagetables },
	{ .id = NULL },
};
