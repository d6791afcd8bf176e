#include "tests/test.h"

#include "analyze/glob.h"
#include "analyze/services.h"
#include "tests/report_event.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define UID_BARS "01234567-89ab-cdef-0123-456789abcdef"
#define UID_LINES "01234567_89ab_cdef_0123_456789abcdef"

/* Paths as kernels print them, and what they say. */
static const struct {
	const char *path;
	enum place_kind kind;
	const char *unit, *container, *pod, *qos;
} paths[] = {
	{ "/", PLACE_ROOT, NULL, NULL, NULL, NULL },
	{ "", PLACE_ROOT, NULL, NULL, NULL, NULL },
	{ "//", PLACE_OTHER, NULL, NULL, NULL, NULL },
	{ "/no such thing", PLACE_OTHER, NULL, NULL, NULL, NULL },
	{ "/docker-.scope", PLACE_UNIT, "docker-.scope", NULL, NULL, NULL },
	{ "/docker-xyz0123456789.scope", PLACE_UNIT, "docker-xyz0123456789.scope", NULL, NULL,
	    NULL },
	{ "/system.slice/nginx.service", PLACE_UNIT, "nginx.service", NULL, NULL, NULL },
	{ "/system.slice/a.service/sub/b.slice", PLACE_UNIT, "a.service", NULL, NULL, NULL },
	{ "/system.slice/system-pg.slice/pg@15\\x2dmain.service", PLACE_UNIT, "pg@15-main.service",
	    NULL, NULL, NULL },
	{ "/system.slice/docker-" ID ".scope", PLACE_CONTAINER, "docker-" ID ".scope", ID, NULL,
	    NULL },
	{ "/docker/" ID, PLACE_CONTAINER, NULL, ID, NULL, NULL },
	{ "/machine.slice/libpod-" ID ".scope/container", PLACE_CONTAINER, "libpod-" ID ".scope",
	    ID, NULL, NULL },
	{ "/kubepods/burstable/pod" UID_BARS "/" ID, PLACE_CONTAINER, NULL, ID, UID_BARS,
	    "burstable" },
	{ "/kubepods/pod" UID_BARS, PLACE_POD, NULL, NULL, UID_BARS, "guaranteed" },
	{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_LINES
	  ".slice/cri-containerd-" ID ".scope",
	    PLACE_CONTAINER, "cri-containerd-" ID ".scope", ID, UID_BARS, "besteffort" },
	{ "/docker/" ID "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_LINES
	  ".slice",
	    PLACE_POD, "kubepods-pod" UID_LINES ".slice", ID, UID_BARS, "guaranteed" },
	{ "/lxc/web", PLACE_CONTAINER, NULL, "web", NULL, NULL },
	{ "/lxc.payload.web/system.slice/cron.service", PLACE_UNIT, "cron.service", "web", NULL,
	    NULL },
	{ "/user.slice/user-1000.slice/session-3.scope", PLACE_SESSION, "session-3.scope", NULL,
	    NULL, NULL },
	{ "/machine.slice/machine-qemu\\x2d4\\x2ddb1.scope/libvirt/emulator", PLACE_VM,
	    "machine-qemu-4-db1.scope", NULL, NULL, NULL },
	{ "/slurm/uid_1/job_77/step_0", PLACE_JOB, NULL, NULL, NULL, NULL },
};

static void
assert_text(struct str got, const char *want, const char *of)
{
	if (want == NULL ? got.p != NULL : !str_eq(got, str_from(want)))
		fail_msg("%s: '%.*s', not '%s'", of, STR_ARG(got), want == NULL ? "" : want);
}

static void
places(void **state)
{
	struct arena mem = { 0 };

	(void)state;
	assert_int_equal(place_of(&mem, STR_NONE).kind, PLACE_NONE);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct place p = place_of(&mem, str_from(paths[i].path));

		if (p.kind != paths[i].kind)
			fail_msg("%s: kind %d", paths[i].path, (int)p.kind);
		assert_non_null(p.name.p);
		assert_text(p.unit, paths[i].unit, paths[i].path);
		assert_text(p.container_id, paths[i].container, paths[i].path);
		assert_text(p.pod_uid, paths[i].pod, paths[i].path);
		assert_text(p.qos, paths[i].qos, paths[i].path);
	}
	arena_done(&mem);
}

static void
globs(void **state)
{
	(void)state;
	assert_false(glob_match(STR("a*b"), STR("ac")));
	assert_true(glob_match(STR("a*b*"), STR("axxbyy")));
	assert_true(glob_match(STR("*"), STR("")));
	assert_false(glob_match(STR("?"), STR("")));
	assert_false(glob_match_comm(STR("clickhouse-server"), STR("clickhouse")));
	assert_true(glob_match_comm(STR("clickhouse-server"), STR("clickhouse-serv")));
	assert_false(glob_match_comm(STR("clickhouse-keeper"), STR("clickhouse-serv")));
	assert_true(glob_match_comm(STR("qemu-system-x86_64*"), STR("qemu-system-x86")));
}

static void
known_names(void **state)
{
	enum service_class class;

	(void)state;
	assert_null(service_known(STR(""), NULL));
	assert_null(service_known(STR("apache22"), NULL));
	assert_string_equal(service_known(STR("apache2"), &class), "Apache");
	assert_int_equal(class, CLASS_WEB);
	assert_string_equal(service_known(STR("mariadbd"), NULL), "MySQL");
	assert_string_equal(service_known(STR("python3.11"), NULL), "Python");
	assert_string_equal(service_known(STR("Isolated Web Co"), NULL), "Firefox");
	assert_string_equal(service_known(STR("containerd-shim"), NULL), "containerd");
}

static struct task *
row(struct event *ev, const char *comm, int64_t pid, int64_t rss, int64_t uid, int64_t adj)
{
	struct task *t = add_row(ev, comm, pid, rss);

	t->uid = uid;
	t->oom_score_adj = adj;
	return t;
}

static void
groups(void **state)
{
	struct event *ev = make_kill("mysqld", 9, 0);
	const struct services *all;

	(void)state;
	ev->page_size = 4096;
	row(ev, "apache2", 1, 100, 0, 0);
	row(ev, "apache2", 2, 300, 33, 0);
	row(ev, "mysqld", 9, 200, 110, 0);
	row(ev, "java", 4, 10, 1, 0);
	row(ev, "java", 5, 10, 2, 0);
	row(ev, "java", 6, 10, 2, 969);
	all = services_of(ev, NULL, NULL);
	assert_non_null(all);
	assert_int_equal(all->n, 5);
	assert_text(all->v[0].name, "Apache", "the largest");
	assert_int_equal(all->v[0].ntasks, 2);
	assert_int_equal(all->v[0].tasks[0], 1);
	assert_int_equal(all->v[0].rss_kb, 1600);
	assert_int_equal(all->v[0].uid, UNKNOWN);
	assert_int_equal(all->v[0].share_permille, UNKNOWN);
	assert_true(all->v[1].victim);
	assert_int_equal(all->of_task[2], 1);
	assert_int_equal(all->v[0].swap_kb, UNKNOWN);
	event_free(ev);
}

/* 6.8 and newer: a page of shared memory is counted once. */
static void
shared_memory(void **state)
{
	struct event *ev = make_kill("postgres", 2, 0);
	const struct services *all;

	(void)state;
	ev->page_size = 4096;
	for (int64_t pid = 1; pid <= 3; pid++) {
		struct task *t = row(ev, "postgres", pid, 1100, 113, pid == 1 ? -900 : 0);

		t->rss_anon_pages = 90;
		t->rss_file_pages = 10;
		t->rss_shmem_pages = 1000;
	}
	all = services_of(ev, NULL, NULL);
	assert_non_null(all);
	assert_int_equal(all->n, 1);
	assert_int_equal(all->v[0].rss_kb, 4 * 3300);
	assert_int_equal(all->v[0].private_kb, 4 * (270 + 10 + 1000));
	assert_int_equal(all->v[0].private_min_kb, 4 * 270);
	assert_int_equal(all->v[0].adj, UNKNOWN);
	ev->page_size = UNKNOWN;
	all = services_of(ev, NULL, NULL);
	assert_int_equal(all->v[0].private_kb, UNKNOWN);
	event_free(ev);
}

/* A witness knows cgroups that the kernel prints of nobody but the victim. */
static void
witnessed(void **state)
{
	struct event *ev = make_kill("mysqld", 9, 0);
	const struct services *all;

	(void)state;
	ev->page_size = 4096;
	row(ev, "mysqld", 9, 1000, 110, 0);
	row(ev, "importd", 20, 900, 0, 0);
	row(ev, "importd", 21, 800, 0, 0);
	row(ev, "java", 30, 700, 0, 0);
	row(ev, "other", 31, 600, 0, 0);
	ev->cgroup.task_memcg = STR("/system.slice/mysql.service");
	ev->witness = STR("no witness");
	all = services_of(ev, NULL, NULL);
	assert_non_null(all);
	assert_text(all->v[0].name, "importd", "nobody was there");
	assert_int_equal(all->v[0].place.kind, PLACE_NONE);
	ev->witness = STR("oomwhy-witness 1\n"
			  "survivor 20 3600 0\timportd\t/system.slice/import.service\n"
			  "survivor 21 3200 0\timportd\t/system.slice/import.service\n"
			  "survivor 30 2800 0\tjava\t/system.slice/search.service\n"
			  "survivor 31 2400 0\tnewcomer\t/system.slice/later.service\n");
	all = services_of(ev, NULL, NULL);
	assert_non_null(all);
	assert_text(all->v[0].name, "import.service", "both were seen in it");
	assert_int_equal(all->v[0].kind, SERVICE_CGROUP);
	assert_true(all->v[0].witnessed);
	assert_text(all->v[1].place.unit, "mysql.service", "of the log");
	assert_false(all->v[1].witnessed);
	assert_int_equal(all->v[2].kind, SERVICE_KNOWN);
	assert_text(all->v[2].place.unit, "search.service", "known by another name");
	assert_text(all->v[3].name, "other", "the pid is another one's by then");
	assert_int_equal(all->v[3].place.kind, PLACE_NONE);
	ev->witness = STR("oomwhy-witness 1\n"
			  "survivor 20 3600 0\timportd\t/system.slice/import.service\n");
	all = services_of(ev, NULL, NULL);
	assert_text(all->v[0].name, "importd", "one of them was not seen");
	event_free(ev);
}

static void
rules(void **state)
{
	static const char *const wrong[] = { "a\n", "\n\n = b", "a = ", "a = b | ", "a = | b" };
	struct err err = { "" };
	struct event *ev = make_kill("worker", 1, 0);
	struct service_rules r = { .n = 0 };
	const struct services *all;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct service_rules bad = { .n = 0 };

		assert_int_equal(service_rules_parse(&bad, str_from(wrong[i]), "f", &err), -1);
		assert_has(err.msg, i == 1 ? "f:3: " : "f:1: ");
		arena_done(&bad.mem);
	}
	assert_int_equal(
	    service_rules_parse(
		&r, STR("# ours\n\nshop = work* | other\nnight = /batch.slice/*"), "f", &err),
	    0);
	assert_int_equal(r.n, 3);
	row(ev, "worker", 1, 10, 0, 0);
	row(ev, "workhorse", 2, 10, 7, 3);
	all = services_of(ev, NULL, &r);
	assert_non_null(all);
	assert_int_equal(all->n, 1);
	assert_text(all->v[0].name, "shop", "both by the rule");
	assert_text(service_of_victim(all, ev, &ev->victims[0]), "shop", "the victim's");
	ev->cgroup.task_memcg = STR("/batch.slice/x.service");
	assert_text(services_of(ev, NULL, &r)->v[0].name, "shop", "the first line counts");
	arena_done(&r.mem);
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs),
		cmocka_unit_test(places),
		cmocka_unit_test(known_names),
		cmocka_unit_test(groups),
		cmocka_unit_test(shared_memory),
		cmocka_unit_test(witnessed),
		cmocka_unit_test(rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
