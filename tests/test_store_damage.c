/* Locks, full disks and damage: an error that says what to do, and nothing lost. */
#include "tests/test.h"

#include "tests/store_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static void
locked_by_another(void **state)
{
	struct scratch dir = scratch_new();
	struct store *a, *b;
	struct err err = { "" };
	struct timespec from, to;

	(void)state;
	fill(dir.db, 2);
	a = open_store(dir.db, STORE_WRITE);
	b = open_store(dir.db, STORE_WRITE);
	assert_int_equal(store_begin(a, &err), 0);
	clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(store_begin(b, &err), -1);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 > 400);
	assert_has(err.msg, "another program is writing");
	assert_int_equal(count(dir.db, STORE_READ), 2);
	store_rollback(a);
	assert_int_equal(store_begin(b, &err), 0);
	store_close(a);
	store_close(b);
	scratch_done(&dir);
}

/* Who waits gets it when the other is done. */
static void
locked_for_a_while(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st;
	struct err err;
	pid_t pid;
	int ready[2], status;
	char c;

	(void)state;
	fill(dir.db, 1);
	assert_int_equal(pipe(ready), 0);
	if ((pid = fork()) == 0) {
		st = store_open(dir.db, STORE_WRITE, 100, &err);
		if (st == NULL || store_begin(st, &err) != 0)
			_exit(1);
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		nanosleep(&(struct timespec){ 0, 200 * 1000 * 1000 }, NULL);
		_exit(store_commit(st, &err) != 0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	st = open_store(dir.db, STORE_WRITE);
	assert_int_equal(store_begin(st, &err), 0);
	store_close(st);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	close(ready[0]);
	close(ready[1]);
	scratch_done(&dir);
}

static void
full_disk(void **state)
{
	struct scratch dir = scratch_new();
	struct rlimit old, small;
	struct store *st;
	struct err err = { "" };
	struct event *ev = make_kill("big", 1, 77);
	int64_t event;
	enum store_put how;

	(void)state;
	fill(dir.db, 2);
	for (int i = 0; i < 20000; i++)
		add_row(ev, "a task with a name", i, i);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = (struct rlimit){ 400 * 1024, old.rlim_max };
	st = open_store(dir.db, STORE_WRITE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(store_begin(st, &err), 0);
	how = store_put(st, ev, &event, &err);
	if (how != PUT_FAILED && store_commit(st, &err) != 0)
		how = PUT_FAILED;
	store_rollback(st);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(how, PUT_FAILED);
	assert_has(err.msg, "nothing that was stored before is lost");
	store_close(st);
	assert_int_equal(count(dir.db, STORE_READ), 2);
	st = open_store(dir.db, STORE_WRITE); /* and with room again, all goes well */
	assert_int_equal(store_check(st, &event, &err), 0);
	assert_int_equal(put(st, ev, &event), PUT_NEW);
	store_close(st);
	event_free(ev);
	scratch_done(&dir);
}

static void
damaged(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st;
	struct err err = { "" };
	struct stat file;
	int64_t events;

	(void)state;
	fill(dir.db, 200);
	stat(dir.db, &file);
	overwrite(dir.db, file.st_size / 2, 20000);
	st = open_store(dir.db, STORE_READ);
	assert_int_equal(store_check(st, &events, &err), -1);
	assert_has(err.msg, "damaged");
	store_close(st);
	assert_int_equal(truncate(dir.db, file.st_size / 3), 0);
	st = store_open(dir.db, STORE_READ, 100, &err);
	if (st != NULL) {
		assert_int_equal(store_check(st, &events, &err), -1);
		assert_has(err.msg, "damaged");
	}
	store_close(st);
	assert_int_equal(truncate(dir.db, 50), 0);
	fails(dir.db, STORE_WRITE, "move it away and ingest the logs again");
	scratch_done(&dir);
}

/* Lines that are damaged inside a sound file are seen by their checksum. */
static void
damaged_lines(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st;
	struct err err = { "" };
	int64_t events;

	(void)state;
	fill(dir.db, 2);
	sql(dir.db, "UPDATE reports SET marks=x'28b52ffd0400' WHERE event=2");
	st = open_store(dir.db, STORE_READ);
	assert_int_equal(store_check(st, &events, &err), -1);
	assert_has(err.msg, "damaged");
	store_close(st);
	scratch_done(&dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locked_by_another),
		cmocka_unit_test(locked_for_a_while),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(damaged),
		cmocka_unit_test(damaged_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
