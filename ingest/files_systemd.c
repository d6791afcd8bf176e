/*
 * sd_journal_open_directory() gives no entries and no error for files that it may not read, and
 * passes over damaged ones in silence: each file is tried by itself.
 */
#include "ingest/journal_systemd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAX_FILES = 1 << 16,
	DEPTH = 2,
	/* struct Header of systemd's journal-def.h: seqnum_id, n_entries, tail_ and
	 * head_entry_seqnum */
	AT_NUMBERING = 72,
	AT_ENTRIES = 152,
	AT_LAST = 160,
	AT_FIRST = 168,
	HEADER_MIN = 208,
};

bool
journal_is_head(struct str head)
{
	return str_starts_z(head, "LPKSHHRH");
}

bool
journal_is_name(const char *name)
{
	return str_ends(str_from(name), STR(".journal")) ||
	       str_ends(str_from(name), STR(".journal~"));
}

static void
refuse(struct journal_files *f, const char *path, const char *why)
{
	if (f->refused++ == 0)
		snprintf(f->why, sizeof(f->why), "%s: %s", f->label != NULL ? f->label : path, why);
}

static const char *
reason(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "Permission denied: it needs root or the group systemd-journal";
	case ENODATA:
	case EBADMSG:
	case EIO:
		return "damaged: cut short or overwritten, and no entry is left in it";
	case EPROTONOSUPPORT:
		return "written by a newer systemd than the libsystemd here";
	default:
		return strerror(error);
	}
}

static uint64_t
le64(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 8; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

/* -1: not readable, errno says why. */
static int
read_header(const char *path, struct journal_run *ret)
{
	unsigned char head[HEADER_MIN];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
	int error = errno;
	uint64_t entries;

	if (fd >= 0)
		close(fd);
	errno = error;
	if (n < 0)
		return -1;
	errno = ENODATA;
	if ((size_t)n < sizeof(head) ||
	    !journal_is_head((struct str){ (const char *)head, (size_t)n }))
		return -1;
	memcpy(ret->numbering, head + AT_NUMBERING, sizeof(ret->numbering));
	ret->last = le64(head + AT_LAST);
	ret->first = le64(head + AT_FIRST);
	entries = le64(head + AT_ENTRIES);
	ret->entries = entries < INT64_MAX / 2 / MAX_FILES ? (int64_t)entries : 0;
	return 0;
}

/* A file that was copied, or set aside and written on. */
static bool
overlaps(const struct journal_files *f, const struct journal_run *r)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct journal_run *o = &f->run[i];

		if (memcmp(o->numbering, r->numbering, sizeof(r->numbering)) == 0 &&
		    o->first <= r->last && r->first <= o->last)
			return true;
	}
	return false;
}

static int
add_file(struct journal_files *f, const char *path, const struct journal_run *run)
{
	const char **paths = arena_room(&f->mem, f->path, f->n, &f->cap, sizeof(*paths));
	struct journal_run *runs = arena_room(&f->mem, f->run, f->n, &f->run_cap, sizeof(*runs));
	struct str name = arena_dup(&f->mem, str_from(path));

	if (paths == NULL || runs == NULL || name.p == NULL)
		return -1;
	f->path = paths, f->run = runs;
	f->copies |= overlaps(f, run);
	f->path[f->n] = name.p;
	f->run[f->n++] = *run;
	f->entries += run->entries;
	return 0;
}

/* Whether its bytes may be there, and only what leads to them is not. */
static bool
is_damage(int error)
{
	return error == ENODATA || error == EBADMSG || error == EIO || error == EPROTONOSUPPORT;
}

/* 1: its entries come from there; 0: the library may have it, or nobody; -1 and *err. */
static int
try_rescue(struct journal_files *f, const char *path, struct err *err)
{
	struct err why = { "" };
	int rc = f->rescue == NULL
		     ? 0
		     : rescue_add(f->rescue, path, f->label != NULL ? f->label : path, &why);

	return rc < 0 ? err_set(err, "%s", why.msg) : rc;
}

static int
try_file(struct journal_files *f, const struct systemd *sd, const char *path, struct err *err)
{
	const char *one[] = { path, NULL };
	sd_journal *j = NULL;
	struct journal_run run = { .entries = 0 };
	bool alone = sd->library == NULL, first = f->thorough || alone;
	int rescued = first ? try_rescue(f, path, err) : 0, rc;

	if (rescued != 0)
		return rescued < 0 ? -1 : 0;
	rc = read_header(path, &run) != 0 ? -errno : alone ? -EIO : 0;
	if (rc == 0) {
		rc = sd->sd_journal_open_files(&j, one, 0);
		sd->sd_journal_close(j);
	}
	if (rc < 0 && !first && is_damage(-rc) && (rescued = try_rescue(f, path, err)) != 0)
		return rescued < 0 ? -1 : 0;
	if (rc < 0 || f->n == MAX_FILES) {
		refuse(f, path, rc < 0 ? reason(-rc) : "too many files");
		return 0;
	}
	return add_file(f, path, &run) == 0 ? 0 : err_no_memory(err);
}

static int
walk(struct journal_files *f, const struct systemd *sd, const char *where, int depth,
    struct err *err)
{
	DIR *d = opendir(where);
	struct dirent *e;
	int rc = 0;

	if (d == NULL) {
		refuse(f, where, reason(errno));
		return 0;
	}
	while (rc == 0 && (e = readdir(d)) != NULL) {
		struct arena mem = { 0 };
		struct stat st;
		struct str path = arena_printf(&mem, "%s/%s", where, e->d_name);

		if (path.p == NULL)
			rc = err_no_memory(err);
		else if (journal_is_name(e->d_name))
			rc = try_file(f, sd, path.p, err);
		else if (depth > 1 && e->d_name[0] != '.' && lstat(path.p, &st) == 0 &&
			 S_ISDIR(st.st_mode))
			rc = walk(f, sd, path.p, depth - 1, err);
		arena_done(&mem);
	}
	closedir(d);
	return rc;
}

int
journal_list(struct journal_files *f, const struct systemd *sd, const char *where, struct err *err)
{
	struct stat st;
	const char **end;
	int rc = 0;

	if (stat(where, &st) == 0)
		rc = S_ISDIR(st.st_mode) ? walk(f, sd, where, DEPTH, err)
					 : try_file(f, sd, where, err);
	else if (errno != ENOENT)
		refuse(f, where, reason(errno));
	if (rc != 0)
		return -1;
	end = arena_room(&f->mem, f->path, f->n, &f->cap, sizeof(*end));
	if (end == NULL)
		return err_no_memory(err);
	f->path = end;
	f->path[f->n] = NULL;
	return 0;
}

int
journal_list_local(
    struct journal_files *f, const struct systemd *sd, const char *where, struct err *err)
{
	static const char *const roots[] = { "/var/log/journal", "/run/log/journal" };
	char id[33] = "", dir[64];
	int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, id, sizeof(id) - 1);

	if (fd >= 0)
		close(fd);
	if (n != 32)
		return err_set(err, "%s: /etc/machine-id says no machine", where);
	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		snprintf(dir, sizeof(dir), "%s/%s", roots[i], id);
		if (journal_list(f, sd, dir, err) != 0)
			return -1;
	}
	return 0;
}

void
journal_files_done(struct journal_files *f)
{
	arena_done(&f->mem);
}
