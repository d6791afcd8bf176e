/* What is put into a store comes out again, whatever it holds. */
#include "tests/test.h"

#include "tests/store_event.h"

#include "base/mem.h"
#include "store/columns.h"

static void
same_after_store(struct event *ev)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	char *before = event_text(ev), *after;
	struct event *got;
	int64_t event;

	assert_int_equal(put(st, ev, &event), PUT_NEW);
	store_close(st);
	st = open_store(dir.db, STORE_READ);
	got = get(st, event);
	after = event_text(got);
	assert_string_equal(after, before);
	assert_int_equal(got->nlines, ev->nlines);
	for (size_t i = 0; i < got->nlines; i++) {
		const struct event_line *a = &got->lines[i], *b = &ev->lines[i];

		assert_int_equal(a->line, b->line);
		assert_int_equal(a->use, b->use);
		assert_true(str_eq(a->raw, b->raw) && (a->raw.p == NULL) == (b->raw.p == NULL));
		assert_true(str_eq(a->text, b->text) && (a->text.p == NULL) == (b->text.p == NULL));
	}
	event_free(got);
	free(before);
	free(after);
	store_close(st);
	scratch_done(&dir);
}

static void
nothing_known_stays_unknown(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);

	(void)state;
	assert_non_null(ev);
	strcpy(ev->id, "0123456789abcdef");
	same_after_store(ev);
	event_free(ev);
}

static void
hostile_bytes_stay(void **state)
{
	struct event *ev = make_kill("\xff\x1b[2J'\";--\n", INT64_MAX, INT64_MAX);
	struct event_line *l;

	(void)state;
	ev->victims[0].message = (struct str){ "a\0b", 3 };
	ev->victims[0].line = INT64_MIN + 1;
	ev->host = (struct str){ "", 0 };
	ev->outcome_text = STR("%s%n%1$s?1");
	ev->lines = l = arena_alloc(&ev->mem, 3 * sizeof(*l));
	ev->nlines = ev->lines_cap = 3;
	l[0] = (struct event_line){ INT64_MAX, STR_NONE, STR("its own\ntext"), LINE_USED };
	l[1] = (struct event_line){ 0, STR("raw"), STR_NONE, LINE_UNKNOWN };
	l[2] = (struct event_line){ -5, { "in\nside\0", 8 }, STR_NONE, LINE_FOREIGN };
	l[2].text = str_from_at(l[2].raw, 3);
	same_after_store(ev);
	event_free(ev);
}

static void
details_stay(void **state)
{
	struct event *ev = make_kill("a", 1, 2);
	struct zone *z = event_add_zone(ev);
	struct node *n = event_add_node(ev);
	struct cgroup_stat *c = event_add_stat(ev);
	int64_t *reserve = arena_alloc(&ev->mem, 20 * sizeof(*reserve));
	struct buddy_order *buddy = arena_alloc(&ev->mem, 11 * sizeof(*buddy));

	(void)state;
	z = event_add_zone(ev);
	z->lowmem_reserve_pages = reserve;
	z->nreserve = 20;
	reserve[19] = 19;
	z->buddy = buddy;
	z->nbuddy = 11;
	buddy[0].types = STR("UM) (");
	buddy[10].count = UNKNOWN;
	ev->memory.seen = true;
	for (int i = 0; i < 40; i++) {
		assert_int_equal(event_add_counter(ev, &z->kb, STR("anon"), i), 0);
		assert_int_equal(event_add_counter(ev, &n->kb,
				     STR("a name that is rather long and is not cached"), i),
		    0);
		assert_int_equal(event_add_counter(ev, &c->stat, STR(""), UNKNOWN), 0);
		assert_int_equal(
		    event_add_counter(ev, &ev->memory.global_pages, STR("x\0y"), i), 0);
	}
	same_after_store(ev);
	event_free(ev);
}

static char *
file_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 4 << 20);

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (4 << 20) - 1, f) > 0);
	fclose(f);
	return text;
}

static void
a_real_log_stays(void **state)
{
	char *text = file_text(FIXTURES "/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt");
	struct fed fed = feed(text);

	(void)state;
	assert_int_equal(fed.rc, 0);
	assert_true(fed.n > 0);
	for (size_t i = 0; i < fed.n; i++)
		same_after_store(fed.v[i]);
	fed_free(&fed);
	free(text);
}

/* Every byte of a struct is in a column, or is one that need not be. */
static void
covers(const struct column *c, size_t n, const size_t (*others)[2], size_t nothers, size_t size)
{
	static const size_t widths[] = { 8, 8, 16, 8, 1, 4, 8, 4, 17 };
	unsigned char seen[4096] = { 0 };
	size_t run = 0;

	assert_true(size <= sizeof(seen));
	for (size_t i = 0; i < n; i++)
		memset(seen + c[i].at, 1, widths[c[i].type]);
	for (size_t i = 0; i < nothers; i++)
		memset(seen + others[i][0], 1, others[i][1]);
	for (size_t i = 0; i < size; i++) {
		run = seen[i] ? 0 : run + 1;
		if (run >= 8 || (run == 4 && (i + 1) % 8 == 4))
			fail_msg("bytes before %zu are in no column", i + 1);
	}
}

#define SKIP(type, member)                                                                         \
	{                                                                                          \
		offsetof(struct type, member), sizeof(((struct type *)NULL)->member)               \
	}

static void
every_fact_has_a_column(void **state)
{
	static const size_t event_others[][2] = { SKIP(event, mem), SKIP(event, next),
		SKIP(event, cgroup.stats), SKIP(event, cgroup.nstats),
		SKIP(event, cgroup.stats_cap), SKIP(event, victims), SKIP(event, nvictims),
		SKIP(event, victims_cap), SKIP(event, aftermath), SKIP(event, naftermath),
		SKIP(event, aftermath_cap), SKIP(event, tasks.v), SKIP(event, tasks.n),
		SKIP(event, tasks.cap), SKIP(event, memory.global_pages), SKIP(event, memory.nodes),
		SKIP(event, memory.nnodes), SKIP(event, memory.nodes_cap),
		SKIP(event, memory.zones), SKIP(event, memory.nzones),
		SKIP(event, memory.zones_cap), SKIP(event, memory.huge), SKIP(event, memory.nhuge),
		SKIP(event, memory.huge_cap), SKIP(event, memory.slabs), SKIP(event, memory.nslabs),
		SKIP(event, memory.slabs_cap), SKIP(event, memory.sites),
		SKIP(event, memory.nsites), SKIP(event, memory.sites_cap), SKIP(event, lines),
		SKIP(event, lines_cap), SKIP(event, missing), SKIP(event, nmissing),
		SKIP(event, missing_cap), SKIP(event, sources), SKIP(event, nsources),
		SKIP(event, sources_cap) };
	static const size_t zone_others[][2] = { SKIP(zone, kb), SKIP(zone, lowmem_reserve_pages),
		SKIP(zone, nreserve), SKIP(zone, buddy), SKIP(zone, nbuddy) };
	static const size_t node_others[][2] = { SKIP(node, kb) };
	static const size_t stat_others[][2] = { SKIP(cgroup_stat, stat) };

	(void)state;
	covers(event_columns, event_ncolumns, event_others, ARRAY_LEN(event_others),
	    sizeof(struct event));
	for (size_t i = 0; i < LISTS; i++) {
		const size_t(*others)[2] = NULL;
		size_t n = 0;

		if (strcmp(lists[i].table, "zones") == 0)
			others = zone_others, n = ARRAY_LEN(zone_others);
		if (strcmp(lists[i].table, "nodes") == 0)
			others = node_others, n = ARRAY_LEN(node_others);
		if (strcmp(lists[i].table, "cgroups") == 0)
			others = stat_others, n = ARRAY_LEN(stat_others);
		covers(lists[i].columns, lists[i].ncolumns, others, n, lists[i].element);
	}
}

static void
no_memory_loses_nothing(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	struct event *ev = make_kill("a", 1, 2), *got = NULL;
	struct err err;
	int64_t event = 0;

	(void)state;
	for (long n = 0; event == 0; n++) {
		enum store_put how;

		assert_int_equal(store_begin(st, &err), 0);
		mem_fail_after(n);
		how = store_put(st, ev, &event, &err);
		mem_fail_after(-1);
		if (how == PUT_FAILED) {
			store_rollback(st);
			event = 0;
		} else {
			assert_int_equal(how, PUT_NEW);
			assert_int_equal(store_commit(st, &err), 0);
		}
		assert_true(n < 1000);
	}
	for (long n = 0; got == NULL; n++) {
		mem_fail_after(n);
		got = store_get(st, event, &err);
		mem_fail_after(-1);
		assert_true(n < 1000);
	}
	event_free(got);
	event_free(ev);
	store_close(st);
	scratch_done(&dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_stays_unknown),
		cmocka_unit_test(hostile_bytes_stay),
		cmocka_unit_test(details_stay),
		cmocka_unit_test(every_fact_has_a_column),
		cmocka_unit_test(no_memory_loses_nothing),
		cmocka_unit_test(a_real_log_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
