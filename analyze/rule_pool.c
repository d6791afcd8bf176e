/* Servers whose size is a setting: databases, Java, pools of workers. */
#include "analyze/rule.h"

static const struct wrong_advice db_wrong[] = {
	{ "oom_score_adj -1000 for the database",
	    "Without a smaller pool the next victim is worse: "
	    "sshd, or what the database needs." },
};

static const struct wrong_advice jvm_wrong[] = {
	{ "raise -Xmx",
	    "The kernel killed it, not the JVM: a larger heap leaves less for the rest." },
	{ "-XX:+HeapDumpOnOutOfMemoryError", "No OutOfMemoryError is thrown by a SIGKILL." },
};

static const struct wrong_advice pool_wrong[] = {
	{ "raise MaxClients or pm.max_children", "More workers need more memory." },
};

/* The crowd with the most, judged by what it certainly has. */
static const struct crowd *
top(const struct facts *f)
{
	return f->ncrowds > 0 ? &f->crowds[0] : NULL;
}

static bool
database(const struct facts *f)
{
	const struct crowd *c = top(f);

	return c != NULL && c->class == CLASS_DATABASE && c->n <= 2 &&
	       share_is(c->rss_kb, f->ran_out, 400);
}

static void
tell_database(struct brief *b)
{
	const struct facts *f = b->f;
	const struct crowd *c = top(f);
	bool mysql = str_starts(c->comm, STR("mysqld")) || str_starts(c->comm, STR("mariadbd"));
	long long pool = (long long)most(1, left_for(f, c->need_kb) / 1024 * 6 / 10);

	b->weight = plus(permille(c->rss_kb, f->ran_out), 1);
	says(b,
	    "The database %s held %s of %s. Its caches and the memory of its connections exceed "
	    "what "
	    "the other programs leave it.",
	    name(b, c->comm), size(b, c->rss_kb), size(b, f->ran_out));
	prove_largest(b);
	but(b, "how large its caches were set is not in the log");
	advise(b, "Make its cache fit beside the others (%s).",
	    size(b, minus(f->tasks_need, c->need_kb)));
	if (mysql)
		by_lines(b, "my.cnf, section [mysqld]", "innodb_buffer_pool_size = %lldM", pool);
	else if (str_starts(c->comm, STR("mongod")))
		by_lines(b, "/etc/mongod.conf",
		    "storage:\n  wiredTiger:\n    engineConfig:\n      cacheSizeGB: %lld.%02lld",
		    pool / 1024, pool % 1024 * 100 / 1024);
	at_price(b,
	    "More reads from the disk. Per-connection buffers come on top: keep max_connections "
	    "low.");
}

static bool
jvm(const struct facts *f)
{
	static const char *const threads[] = { "java", "C2 CompilerThre", "C1 CompilerThre",
		"GC Thread#", "VM Thread", "http-nio-" };
	struct str comm = f->victim != NULL ? f->victim->comm : STR_NONE;
	bool java = false;

	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		java |= str_starts_z(comm, threads[i]);
	return f->ev->kind == EVENT_KERNEL_OOM && java &&
	       share_is(f->victim->anon_rss_kb, f->ran_out, 300);
}

static void
tell_jvm(struct brief *b)
{
	const struct facts *f = b->f;

	b->weight = plus(permille(f->victim->anon_rss_kb, f->ran_out), 1);
	says(b,
	    "A Java machine of %s was killed by the kernel; its heap may have been mostly free. "
	    "Heap, "
	    "metaspace, code, threads, direct buffers and malloc arenas count together.",
	    size(b, f->victim->anon_rss_kb));
	proof(b, f->victim->line, "anon-rss:%lldkB of %s", (long long)f->victim->anon_rss_kb,
	    size(b, f->ran_out));
	but(b, "how large the heap may grow (-Xmx) is not in the log");
	advise(b, "Leave a third of the limit for what is not heap.");
	by_lines(b, "options of java", "-Xmx%lldm -XX:MaxDirectMemorySize=%lldm",
	    (long long)most(1, f->ran_out / 1024 * 65 / 100),
	    (long long)most(1, f->ran_out / 10240));
	at_price(b,
	    "A heap that was in use to the full now throws OutOfMemoryError, which at least says "
	    "where.");
	advise(b, "See what is not heap.");
	by_command(
	    b, "jcmd PID VM.native_memory summary    # with -XX:NativeMemoryTracking=summary");
}

static const struct crowd *
pool(const struct facts *f)
{
	for (size_t i = 0; i < f->ncrowds && i < 3; i++) {
		const struct crowd *c = &f->crowds[i];

		if (c->n >= 5 && share_is(c->private_kb, c->rss_kb, 500) &&
		    !share_is(c->largest_kb, c->rss_kb, 400) && c != sharers_of(f) &&
		    (share_is(c->private_kb, f->ran_out, 400) ||
			(share_is(c->need_kb, f->tasks_need, 600) && !known(f->ran_out))))
			return c;
	}
	return NULL;
}

static bool
workers(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && f->tasks_need > 0 && pool(f) != NULL;
}

static void
advise_workers(struct brief *b, const struct crowd *c)
{
	int64_t room = left_for(b->f, c->need_kb);
	long long fit = (long long)most(1, room / most(1, c->largest_kb));

	advise(b,
	    "Let no more workers run than fit: %s left for them, at %s for a busy one, are %lld.",
	    size(b, room), size(b, c->largest_kb), fit);
	if (str_starts_z(c->comm, "apache2") || str_starts_z(c->comm, "httpd"))
		by_lines(b, "mpm_prefork.conf",
		    "MaxRequestWorkers %lld\nMaxConnectionsPerChild 1000", fit);
	else if (str_starts_z(c->comm, "php"))
		by_lines(
		    b, "the pool of php-fpm", "pm.max_children = %lld\npm.max_requests = 500", fit);
	else if (c->class == CLASS_SHARED_DATABASE)
		by_lines(b, "postgresql.conf", "max_connections = %lld\nwork_mem = 4MB", fit);
	else if (str_starts_z(c->comm, "gunicorn"))
		by_command(b, "gunicorn --workers %lld --max-requests 1000", fit);
	else if (str_starts_z(c->comm, "celery"))
		by_command(b, "celery worker --concurrency %lld --max-memory-per-child %lld", fit,
		    (long long)c->largest_kb);
	at_price(b, "Requests wait in the queue when all workers are busy.");
}

static void
tell_workers(struct brief *b)
{
	const struct facts *f = b->f;
	const struct crowd *c = pool(f);
	int64_t share = permille(c->private_kb, f->ran_out);

	/* An upper bound counts for less than a figure. */
	b->weight = !known(share) ? 500 : c->private_is_known ? share : share * 8 / 10;
	says(b, "No single process is the cause: %zu of %s hold %s%s together, the largest %s.",
	    c->n, name(b, c->comm), c->private_is_known ? "" : "up to ", size(b, c->private_kb),
	    size(b, c->largest_kb));
	proof(b, c->largest->line, "the largest of %zu rows of %.*s, %s together", c->n,
	    STR_ARG(c->comm), size(b, c->rss_kb));
	if (!c->private_is_known) {
		but(b, "pages that they share are counted in each of them; this kernel does not "
		       "print which");
		if (!known(f->ran_out))
			unsure(b, CONFIDENCE_POSSIBLE);
	}
	if (known(f->ran_out))
		advise_workers(b, c);
}

const struct diagnosis_rule rules_pool[] = {
	{ .id = "database-oversized-for-host",
	    .title = "The database's caches do not fit",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(ran_out), FACT(tasks_need) },
	    .fires = database,
	    .tell = tell_database,
	    WRONG(db_wrong) },
	{ .id = "jvm-native-vs-heap",
	    .title = "Java beyond its heap",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .needs = { FACT(ran_out) },
	    .fires = jvm,
	    .tell = tell_jvm,
	    WRONG(jvm_wrong) },
	{ .id = "worker-pool-sum",
	    .title = "Many workers together",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(tasks_need) },
	    .fires = workers,
	    .tell = tell_workers,
	    WRONG(pool_wrong) },
	{ .id = NULL },
};
