/* Opening, rights, and what can be wrong with a file. */
#include "tests/test.h"

#include "tests/store_event.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { NOBODY = 65534 };

/* An error is one line that names the file. */
static void
fails(const char *path, enum store_mode mode, const char *says)
{
	struct err err = { "" };
	struct store *st = store_open(path, mode, 100, &err);

	assert_null(st);
	assert_has(err.msg, path);
	assert_has(err.msg, says);
	assert_null(strchr(err.msg, '\n'));
}

static void
sql(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
fill(const char *path, int events)
{
	struct store *st = open_store(path, STORE_WRITE);
	int64_t event;

	for (int i = 0; i < events; i++) {
		struct event *ev = make_kill("a", i, i);

		assert_int_equal(put(st, ev, &event), PUT_NEW);
		event_free(ev);
	}
	store_close(st);
}

static int64_t
count(const char *path, enum store_mode mode)
{
	struct store *st = open_store(path, mode);
	struct store_info info;
	struct err err;

	assert_int_equal(store_info(st, &info, &err), 0);
	store_close(st);
	return info.events;
}

static void
overwrite(const char *path, off_t at, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	for (; n > 0; n--, at++)
		assert_int_equal(pwrite(fd, "Z", 1, at), 1);
	close(fd);
}

static void
no_store(void **state)
{
	struct scratch dir = scratch_new();

	(void)state;
	fails(dir.db, STORE_READ, "'oomwhy ingest' makes one");
	fails("/proc/oomwhy/x.db", STORE_WRITE, "cannot make the store");
	scratch_done(&dir);
}

static void
rights_of_a_new_store(void **state)
{
	struct scratch dir = scratch_new();
	char path[160], deep[128];
	struct stat st;
	mode_t mask = umask(0);

	(void)state;
	snprintf(deep, sizeof(deep), "%s/a", dir.dir);
	snprintf(path, sizeof(path), "%s/t.db", deep);
	fill(path, 1);
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	strcat(path, "-wal"); /* kept, with the same rights, for those who may only read */
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	unlink(path);
	memcpy(path + strlen(path) - 3, "shm", 3);
	unlink(path);
	path[strlen(path) - 4] = '\0';
	unlink(path);
	rmdir(deep);
	scratch_done(&dir);
}

static void
of_another_program(void **state)
{
	struct scratch dir = scratch_new();

	(void)state;
	sql(dir.db, "CREATE TABLE t(a)");
	fails(dir.db, STORE_WRITE, "of another program");
	fails(dir.db, STORE_READ, "of another program");
	overwrite(dir.db, 0, 200);
	fails(dir.db, STORE_WRITE, "not a database");
	scratch_done(&dir);
}

static void
of_a_newer_version(void **state)
{
	struct scratch dir = scratch_new();

	(void)state;
	fill(dir.db, 1);
	sql(dir.db, "PRAGMA user_version=99");
	fails(dir.db, STORE_WRITE, "newer oomwhy");
	fails(dir.db, STORE_READ, "newer oomwhy");
	scratch_done(&dir);
}

/* Every version that was ever released can be opened, read and written to. */
static void
of_an_older_version(void **state)
{
	struct scratch dir = scratch_new();
	static char text[1 << 20];
	struct err err;
	struct store *st;
	struct event *ev;
	int64_t event;

	(void)state;
	for (int version = 1; version <= 1; version++) {
		char path[256];
		FILE *f;

		snprintf(path, sizeof(path), FIXTURES "/store/v%d.sql", version);
		assert_non_null(f = fopen(path, "r"));
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
		sql(dir.db, text);
		st = open_store(dir.db, STORE_WRITE);
		assert_int_equal(store_check(st, &event, &err), 0);
		assert_int_equal(event, 3);
		assert_int_equal(store_find(st, "e216abb3570d6ba8", &event, &err), 1);
		ev = get(st, event);
		assert_str(ev->victims[0].comm, "mysqld");
		assert_int_equal(ev->tasks.n, 25);
		assert_int_equal(put(st, ev, &event), PUT_KNOWN);
		event_free(ev);
		store_close(st);
	}
	scratch_done(&dir);
}

/* Run in a process of an ordinary user; root may do everything. */
static int
as_nobody(int (*run)(const char *), const char *path)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
			_exit(99);
		_exit(run(path));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
reads(const char *path)
{
	struct err err = { "" };
	struct store *st = store_open(path, STORE_READ, 100, &err);
	struct store_info info = { 0 };

	if (st == NULL || store_info(st, &info, &err) != 0)
		return 100;
	store_close(st);
	return (int)info.events;
}

static int
cannot_write(const char *path)
{
	struct err err = { "" };

	if (store_open(path, STORE_WRITE, 100, &err) != NULL)
		return 0;
	return strstr(err.msg, "right to write") != NULL ? 1 : 2;
}

static void
who_may_only_read(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st;
	struct event *ev = make_kill("b", 1000, 1000);
	struct err err;
	int64_t event;
	char path[96];

	(void)state;
	fill(dir.db, 3);
	chmod(dir.dir, 0755);
	chmod(dir.db, 0644);
	snprintf(path, sizeof(path), "%s-shm", dir.db);
	chmod(path, 0644);
	snprintf(path, sizeof(path), "%s-wal", dir.db);
	chmod(path, 0644);
	assert_int_equal(as_nobody(reads, dir.db), 3); /* after the writer has gone */
	assert_int_equal(as_nobody(cannot_write, dir.db), geteuid() == 0 ? 1 : 0);
	st = open_store(dir.db, STORE_WRITE);
	put(st, ev, &event);
	assert_int_equal(as_nobody(reads, dir.db), 4); /* beside it */
	assert_int_equal(store_begin(st, &err), 0);
	assert_int_equal(as_nobody(reads, dir.db), 4); /* and while it writes */
	store_close(st);
	event_free(ev);
	unlink(path); /* a copy of the database alone, in a directory that is not ours */
	snprintf(path, sizeof(path), "%s-shm", dir.db);
	unlink(path);
	assert_int_equal(as_nobody(reads, dir.db), 4);
	scratch_done(&dir);
}

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
		cmocka_unit_test(no_store),
		cmocka_unit_test(rights_of_a_new_store),
		cmocka_unit_test(of_another_program),
		cmocka_unit_test(of_a_newer_version),
		cmocka_unit_test(of_an_older_version),
		cmocka_unit_test(who_may_only_read),
		cmocka_unit_test(locked_by_another),
		cmocka_unit_test(locked_for_a_while),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(damaged),
		cmocka_unit_test(damaged_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
