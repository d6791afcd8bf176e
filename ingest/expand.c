#include "ingest/expand.h"

#include "base/mem.h"
#include "ingest/expand_pstore.h"
#include "ingest/member.h"
#include "ingest/order.h"
#include "ingest/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 64, MAX_FILES = 1000000 };

struct found {
	struct order_name name;
	const char *path;
	const char *failed;
	bool alone; /* is no part of a rotated log, whatever it is called */
};

struct walk {
	struct source_list *list;
	struct found *v;
	size_t n, cap;
};

static int
add(struct walk *w, const char *path, bool alone, const char *why, struct err *err)
{
	struct found *v = mem_room(w->v, w->n, &w->cap, sizeof(*v));
	struct str copy = arena_printf(&w->list->mem, "%s", path);
	struct str failed = STR_NONE;

	if (v != NULL)
		w->v = v;
	if (why != NULL)
		failed = arena_printf(&w->list->mem, "%s: %s", path, why);
	if (v == NULL || copy.p == NULL || (why != NULL && failed.p == NULL))
		return err_no_memory(err);
	v[w->n++] = (struct found){ order_name_of(copy), copy.p, failed.p, alone || why != NULL };
	return 0;
}

/* Looked at, so that databases and pictures are not searched for lines. */
static bool
is_log(const char *path)
{
	char head[UNPACK_SNIFF];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	ssize_t n;
	struct str s;

	if (fd == -1)
		return true; /* it will be told why it cannot be read */
	n = read(fd, head, sizeof(head));
	close(fd);
	s = (struct str){ head, n > 0 ? (size_t)n : 0 };
	return n < 0 || unpack_sniff(s) != UNPACK_NONE || member_content_of(s) != CONTENT_BINARY;
}

static int walk(struct walk *w, const char *dir, unsigned depth, struct err *err);

/* What else there is (pipes, devices, links) is no log at rest. */
static int
visit(struct walk *w, const char *path, unsigned depth, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ? 0 : add(w, path, true, strerror(errno), err);
	if (S_ISDIR(st.st_mode))
		return walk(w, path, depth + 1, err);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (w->n == MAX_FILES)
		return err_set(err, "%s: more than %d files", path, MAX_FILES);
	if (st.st_size > 0 && !is_log(path)) {
		w->list->passed++;
		return 0;
	}
	return add(w, path, false, NULL, err);
}

static int
walk(struct walk *w, const char *dir, unsigned depth, struct err *err)
{
	DIR *d = depth > MAX_DEPTH ? NULL : opendir(dir);
	const char *slash = dir[0] != '\0' && dir[strlen(dir) - 1] == '/' ? "" : "/";
	const struct dirent *e;
	int rc = 0;

	if (d == NULL)
		return add(w, dir, true, depth > MAX_DEPTH ? "too deep" : strerror(errno), err);
	while (rc == 0 && (e = readdir(d)) != NULL) {
		struct str path;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		path = arena_printf(&w->list->mem, "%s%s%s", dir, slash, e->d_name);
		rc = path.p == NULL ? err_no_memory(err) : visit(w, path.p, depth, err);
	}
	closedir(d);
	return rc;
}

static int
by_order(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int order = order_compare(&x->name, &y->name);

	return order != 0 ? order : strcmp(x->path, y->path);
}

/* Of two that stand next to each other in their order.  Where both claim to be the same file of
 * a log, one is a copy of the other. */
static bool
goes_on(const struct order_name *a, const struct order_name *b)
{
	return a->suffix != SUFFIX_NONE && order_same_log(a, b) && order_compare(a, b) != 0;
}

/* Those that were found from `from` to `end`, as sets. */
static int
make_sets(struct walk *w, size_t from, size_t end, struct err *err)
{
	struct source_list *list = w->list;
	size_t n = end - from;
	const char **paths = arena_alloc(&list->mem, (n + 1) * sizeof(*paths));

	if (paths == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < n; i++) {
		const struct found *f = &w->v[from + i], *before = f - 1;

		paths[i] = f->path;
		if (i > 0 && !f->alone && !before->alone && goes_on(&before->name, &f->name)) {
			list->v[list->n - 1].kind = SET_ROTATED;
			list->v[list->n - 1].n++;
			continue;
		}
		list->v[list->n++] = (struct source_set){ SET_FILE, &paths[i], 1, f->failed };
	}
	return 0;
}

enum arg_kind { ARG_ALONE, ARG_DIRECTORY, ARG_PSTORE, ARG_FILE };

/* What was named on the command line. */
struct arg {
	enum arg_kind kind;
	struct order_name name;
	size_t number; /* in the order named */
	size_t leader; /* number of the first named of the same rotated log; most often itself */
	size_t end;    /* of what was found by it, in walk.v */
};

static int
by_name(const void *a, const void *b)
{
	const struct arg *x = a, *y = b;
	int order = (int)x->kind - (int)y->kind;

	if (order == 0)
		order = order_compare(&x->name, &y->name);
	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static int
by_leader(const void *a, const void *b)
{
	const struct arg *x = a, *y = b;
	int order = (x->leader > y->leader) - (x->leader < y->leader);

	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* Files of one rotated log stand together, where the first of them was named. */
static void
gather(struct arg *v, size_t n)
{
	size_t begin = 0;

	if (n > 1)
		qsort(v, n, sizeof(*v), by_name);
	for (size_t i = 1; i <= n; i++) {
		size_t leader = SIZE_MAX;

		if (i < n && v[i].kind == ARG_FILE && v[i - 1].kind == ARG_FILE &&
		    goes_on(&v[i - 1].name, &v[i].name))
			continue;
		for (size_t k = begin; k < i; k++)
			leader = v[k].number < leader ? v[k].number : leader;
		for (size_t k = begin; k < i; k++)
			v[k].leader = leader;
		begin = i;
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), by_leader);
}

static struct arg
look_at(const char *path, size_t number)
{
	struct arg a = { .kind = ARG_ALONE, .number = number };
	struct stat st;

	a.name = order_name_of(str_from(path));
	if (pstore_is_named(path))
		a.kind = ARG_PSTORE;
	else if (strcmp(path, "-") != 0 && stat(path, &st) == 0 &&
		 (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		a.kind = S_ISDIR(st.st_mode) ? ARG_DIRECTORY : ARG_FILE;
	return a;
}

/* Most machines never died: to find nothing there is no fault. */
static int
walk_pstore(struct walk *w, const char *arg, struct err *err)
{
	const char *dir;
	struct stat st;

	for (size_t i = 0; (dir = pstore_directory(arg, i)) != NULL; i++) {
		if (stat(dir, &st) == -1 && errno == ENOENT)
			continue;
		if (walk(w, dir, 0, err) != 0)
			return -1;
	}
	return 0;
}

static int
look_into(struct walk *w, enum arg_kind kind, const char *path, struct err *err)
{
	size_t before = w->n;

	if (kind == ARG_PSTORE)
		return walk_pstore(w, path, err);
	if (kind != ARG_DIRECTORY)
		return add(w, path, kind == ARG_ALONE, NULL, err);
	if (walk(w, path, 0, err) != 0)
		return -1;
	return w->n > before ? 0 : add(w, path, true, "a directory that holds no log", err);
}

/* All that the arguments name, those of one leader in their own order. */
static int
find(struct walk *w, char *const *paths, struct arg *args, size_t n, struct err *err)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *path = paths[args[i].number];

		if (look_into(w, args[i].kind, path, err) != 0)
			return -1;
		args[i].end = w->n;
		if (i + 1 < n && args[i + 1].leader == args[i].leader)
			continue;
		if (w->n - from > 1)
			qsort(w->v + from, w->n - from, sizeof(*w->v), by_order);
		from = w->n;
	}
	return 0;
}

/* Each directory in its own order; what was named by itself stays where it was named. */
int
source_list_make(struct source_list *list, char *const *paths, size_t n, struct err *err)
{
	struct walk w = { .list = list };
	struct arg *args = mem_alloc((n + 1) * sizeof(*args));
	int rc = args == NULL ? err_no_memory(err) : 0;

	*list = (struct source_list){ 0 };
	if (rc == 0) {
		for (size_t i = 0; i < n; i++)
			args[i] = look_at(paths[i], i);
		gather(args, n);
		rc = find(&w, paths, args, n, err);
	}
	if (rc == 0 && (list->v = arena_alloc(&list->mem, (w.n + 1) * sizeof(*list->v))) == NULL)
		rc = err_no_memory(err);
	for (size_t i = 0, from = 0; i < n && rc == 0; i++) {
		if (i + 1 < n && args[i + 1].leader == args[i].leader)
			continue;
		rc = make_sets(&w, from, args[i].end, err);
		from = args[i].end;
	}
	if (rc == 0)
		rc = join_parts(list, err);
	mem_free(args);
	mem_free(w.v);
	return rc;
}

void
source_list_done(struct source_list *list)
{
	arena_done(&list->mem);
	*list = (struct source_list){ 0 };
}
