/* Opening a store: rights, versions, and what is none. */
#include "tests/test.h"

#include "tests/store_file.h"

#include <sys/stat.h>
#include <sys/wait.h>

enum { NOBODY = 65534 };

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
	static char text[1 << 20];
	struct err err;
	struct store *st;
	struct event *ev;
	int64_t event;

	(void)state;
	for (int version = 1; version <= 4; version++) {
		struct scratch dir = scratch_new();
		struct store_change c;
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
		/* What was there before changes were counted is new to whoever asks now. */
		for (int64_t n = 0; n < 3; n++) {
			assert_int_equal(store_changed(st, n, INT64_MAX, &c, &err), 1);
			assert_int_equal(c.change, n + 1);
			assert_int_equal(c.revision, 1);
		}
		assert_int_equal(store_changed(st, 3, INT64_MAX, &c, &err), 0);
		assert_int_equal(store_find(st, "e216abb3570d6ba8", &event, &err), 1);
		ev = get(st, event);
		assert_str(ev->victims[0].comm, "mysqld");
		assert_int_equal(ev->tasks.n, 25);
		assert_int_equal(put(st, ev, &event), PUT_KNOWN);
		event_free(ev);
		store_close(st);
		scratch_done(&dir);
	}
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
