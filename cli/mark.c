#include "cli/mark.h"

#include "base/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What is stored of a name: the number; and, while a file is given out, where that leads. */
struct place {
	int64_t last, upto;
	struct str tmp; /* the file before it is renamed; STR_NONE: nothing is under way */
};

static int
read_place(const struct mark *m, struct arena *mem, struct place *ret, struct err *err)
{
	struct str text;
	int got = store_position(m->st, m->name, mem, &text, err);

	*ret = (struct place){ .last = 0, .upto = 0, .tmp = STR_NONE };
	if (got <= 0)
		return got;
	if (!words_eat_int(&text, 0, INT64_MAX, &ret->last))
		return err_set(err, "the store is damaged: the place of '%s'", m->name);
	if (words_eat_int(&text, 0, INT64_MAX, &ret->upto) &&
	    !words_eat_text(&text, PATH_MAX, &ret->tmp))
		ret->tmp = STR_NONE;
	return 0;
}

static int
put_place(struct mark *m, const struct place *p, struct err *err)
{
	struct arena mem = { 0 };
	struct words w;
	struct str text;
	int rc = -1;

	words_begin(&w);
	words_int(&w, p->last);
	if (p->tmp.p != NULL) {
		words_int(&w, p->upto);
		words_text(&w, p->tmp);
	}
	text = words_end(&w, &mem);
	if (text.p == NULL)
		err_no_memory(err);
	else
		rc = store_set_position(m->st, m->name, text, err);
	arena_done(&mem);
	return rc;
}

/* In a transaction: only from where we began, else another run was quicker. */
static int
write_place(struct mark *m, const struct place *to, struct err *err)
{
	struct arena mem = { 0 };
	struct place now;
	int rc = store_begin(m->st, err);

	if (rc == 0 && (rc = read_place(m, &mem, &now, err)) == 0) {
		if (now.last != m->last)
			rc = err_set(
			    err, "another run of the same name told the same: keep them apart");
		else
			rc = put_place(m, to, err);
	}
	arena_done(&mem);
	if (rc != 0 || (rc = store_commit(m->st, err)) != 0)
		store_rollback(m->st);
	return rc;
}

/* Whoever renamed it was ended before it could say so.  Where the whole directory is gone nobody
 * can tell. */
static bool
was_given_out(const struct place *p)
{
	char dir[PATH_MAX];
	const char *slash = p->tmp.p == NULL ? NULL : strrchr(p->tmp.p, '/');
	struct stat st;

	if (slash == NULL)
		return false;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash + 1 - p->tmp.p), p->tmp.p);
	return stat(dir, &st) == 0 && lstat(p->tmp.p, &st) != 0 && errno == ENOENT;
}

int
mark_begin(struct mark *m, struct store *st, const char *kind, const char *name, struct err *err)
{
	struct arena mem = { 0 };
	struct place p;
	int rc;

	*m = (struct mark){ .st = st };
	snprintf(m->name, sizeof(m->name), "%s %s", kind, name);
	rc = read_place(m, &mem, &p, err);
	m->last = p.last;
	if (rc == 0 && was_given_out(&p)) {
		struct place to = { .last = p.upto, .tmp = STR_NONE };

		rc = write_place(m, &to, err);
		m->last = p.upto;
	}
	arena_done(&mem);
	return rc;
}

int
mark_move(struct mark *m, struct output *out, int64_t upto, struct err *err)
{
	struct place to = { .last = upto, .tmp = STR_NONE };

	errno = 0;
	if (fflush(out->f) != 0 || ferror(out->f))
		return err_set(err, "cannot write the answer: %s", strerror(errno));
	if (upto == m->last)
		return 0;
	if (write_place(m, &to, err) != 0)
		return -1;
	m->last = upto;
	return 0;
}

int
mark_commit(struct mark *m, struct output *out, int64_t upto, struct err *err)
{
	struct place p = { .last = m->last, .upto = upto };
	char tmp[PATH_MAX]; /* the next run may begin in another directory */

	if (out->tmp[0] == '\0') {
		if (mark_move(m, out, upto, err) != 0)
			return -1;
		return output_commit(out, err);
	}
	if (output_settle(out, err) != 0)
		return -1;
	if (realpath(out->tmp, tmp) == NULL)
		return err_set(err, "cannot write '%s': %s", out->target, strerror(errno));
	p.tmp = str_from(tmp);
	if (write_place(m, &p, err) != 0 || output_publish(out, err) != 0)
		return -1;
	p = (struct place){ .last = upto, .tmp = STR_NONE };
	if (write_place(m, &p, err) != 0)
		return -1;
	m->last = upto;
	return 0;
}
