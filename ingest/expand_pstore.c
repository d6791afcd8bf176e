#include "ingest/expand_pstore.h"

#include "base/str.h"
#include "ingest/joined.h"

#include <string.h>

enum { DIRECTORIES = 256 /* that are told apart at a time; a machine has one or two */ };

#define NAME "pstore:"

/* The kernel's own, and where systemd-pstore.service moves what it finds there. */
static const char *const directories[] = { "/sys/fs/pstore", "/var/lib/systemd/pstore" };

bool
pstore_is_named(const char *arg)
{
	return strncmp(arg, NAME, sizeof(NAME) - 1) == 0;
}

const char *
pstore_directory(const char *arg, size_t i)
{
	const char *dir = arg + sizeof(NAME) - 1;

	if (*dir != '\0')
		return i == 0 ? dir : NULL;
	return i < ARRAY_LEN(directories) ? directories[i] : NULL;
}

static struct str
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct str){ path, slash == NULL ? 0 : (size_t)(slash - path) };
}

/* The set of earlier parts of the same directory; NULL: it is the first. */
static struct source_set *
set_of(struct source_set *const *firsts, size_t n, const char *path)
{
	for (size_t i = n; i > 0 && n - i < DIRECTORIES; i--) {
		if (str_eq(directory_of(firsts[i - 1]->paths[0]), directory_of(path)))
			return firsts[i - 1];
	}
	return NULL;
}

/* of[i]: the set that the i-th one goes into; NULL: it is no part.  How many there are. */
static size_t
group(struct source_list *list, struct source_set **firsts, struct source_set **of)
{
	size_t n = 0, parts = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct source_set *s = &list->v[i];

		of[i] = NULL;
		if (s->n != 1 || s->failed != NULL || !joined_is_part(s->paths[0]))
			continue;
		of[i] = set_of(firsts, n, s->paths[0]);
		if (of[i] == NULL)
			of[i] = firsts[n++] = s;
		parts++;
	}
	return parts;
}

int
join_parts(struct source_list *list, struct err *err)
{
	struct source_set **firsts, **of;
	const char **paths;
	size_t kept = 0, at = 0, parts;

	if (list->n < 2)
		return 0;
	firsts = arena_alloc(&list->mem, list->n * sizeof(struct source_set *));
	of = arena_alloc(&list->mem, list->n * sizeof(struct source_set *));
	if (firsts == NULL || of == NULL)
		return err_no_memory(err);
	parts = group(list, firsts, of);
	paths = arena_alloc(&list->mem, (parts + 1) * sizeof(*paths));
	if (paths == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < list->n; i++) {
		if (of[i] != NULL && of[i] != &list->v[i])
			of[i]->n++;
	}
	for (size_t i = 0; i < list->n; i++) {
		struct source_set *s = &list->v[i];
		const char *path = s->paths[0];

		if (of[i] == s) {
			s->kind = s->n > 1 ? SET_PSTORE : SET_FILE;
			s->paths = &paths[at];
			at += s->n;
			s->n = 0;
		}
		if (of[i] != NULL)
			of[i]->paths[of[i]->n++] = path;
	}
	for (size_t i = 0; i < list->n; i++) {
		if (of[i] == NULL || of[i] == &list->v[i])
			list->v[kept++] = list->v[i];
	}
	list->n = kept;
	return 0;
}
