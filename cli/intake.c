#include "cli/intake.h"

#include "cli/message.h"
#include "cli/pipeline.h"
#include "ingest/print.h"

/* How a file stands to what is known of it. */
enum standing {
	STANDING_FAILED = -1,
	STANDING_NEW,
	STANDING_SAME,	/* read to its end before */
	STANDING_COPY,	/* not it, but one it is a copy of */
	STANDING_GROWN, /* it or a copy of it, and it goes on */
};

/* A file while it is read. */
struct reading {
	struct intake *in;
	struct pipeline p;
	const char *last; /* of the files of a rotated log; NULL: it is no such */
	bool parted;	  /* an event that began in a file before it is cut at its end */
};

int
intake_begin(struct intake *in, struct err *err)
{
	if (in->writing)
		return 0;
	if (store_begin(in->st, err) != 0)
		return -1;
	in->writing = true;
	in->uncommitted = 0;
	return 0;
}

int
intake_commit(struct intake *in, struct err *err)
{
	if (!in->writing)
		return 0;
	in->writing = false;
	return store_commit(in->st, err);
}

/*
 * Whether more may come of it in the file that is read last.  Of several that are read as one
 * only that file grows: an event that began in another one and whose end was told is left as it
 * is, or it would be looked for in vain.
 */
static bool
is_open(struct reading *r, const struct event *ev)
{
	if (!r->p.at_end || ev->nsources == 0)
		return false;
	if (r->last == NULL || str_eq_z(ev->sources[0].path, r->last))
		return ev->sources[0].first_line > r->p.next.lines;
	r->parted |= ev->outcome == OUTCOME_UNKNOWN;
	return false;
}

static int
take(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct reading *r = ctx;
	struct intake *in = r->in;
	enum store_put put = PUT_FAILED;
	bool open = is_open(r, f.event);
	int64_t event = 0;

	(void)source;
	if (intake_begin(in, err) == 0)
		put = store_put(in->st, f.event, &event, err);
	event_free(f.event);
	if (put == PUT_FAILED)
		return -1;
	if (open && in->nopen < INTAKE_OPEN)
		in->open[in->nopen++] = event;
	in->found++;
	in->fresh += put == PUT_NEW;
	in->completed += put == PUT_COMPLETED;
	/* What was taken back to be read again comes in the same transaction, or stays. */
	if (++in->uncommitted < (in->live ? 1 : INTAKE_AT_ONCE) || store_owes(in->st))
		return 0;
	return intake_commit(in, err);
}

/* Options that change what a file says. */
static struct str
reading_of(const struct options *o, struct arena *mem)
{
	const char *kind = o->source.kind, *zone = o->source.zone;

	return arena_printf(mem, "%s %s %lld%s", kind == NULL ? "-" : kind,
	    zone == NULL ? "-" : zone, known(o->source.year) ? (long long)o->source.year : 0LL,
	    o->source.thorough ? " thorough" : "");
}

/* Whether the file begins with all that was read then. */
static bool
begins_with(const struct print_file *f, const struct file_print *then)
{
	struct file_print now;

	return then->offset <= f->size && print_take(f, then->offset, &now) &&
	       now.head == then->head && now.tail == then->tail;
}

static enum standing
stands(const struct print_file *f, const struct checkpoint *c, struct str reading)
{
	bool is_it = c->device == f->device && c->inode == f->inode;

	if (!str_eq(c->reading, reading) || !begins_with(f, &c->print))
		return STANDING_NEW;
	if (c->print.offset < f->size)
		return STANDING_GROWN;
	if (is_it && c->mtime_ns != f->mtime_ns) /* written to, and as long as before */
		return STANDING_NEW;
	return is_it ? STANDING_SAME : STANDING_COPY;
}

/* *c: what is known of it, the longest first. */
static enum standing
look_up(struct intake *in, const struct print_file *f, struct str reading, struct arena *mem,
    struct checkpoint *c, struct err *err)
{
	enum standing s = STANDING_NEW;
	struct file_print now;
	int got;

	for (unsigned n = 0;
	     (got = store_checkpoint_file(in->st, f->device, f->inode, n, mem, c, err)) == 1; n++) {
		if ((s = stands(f, c, reading)) != STANDING_NEW)
			return s;
		if (c->print.offset == f->size)
			return STANDING_NEW;
	}
	if (got < 0)
		return STANDING_FAILED;
	if (!print_take(f, f->size, &now))
		return STANDING_NEW;
	for (unsigned n = 0; (got = store_checkpoint_head(in->st, now.head, n, mem, c, err)) == 1;
	     n++) {
		if ((s = stands(f, c, reading)) != STANDING_NEW)
			return s;
	}
	return got < 0 ? STANDING_FAILED : STANDING_NEW;
}

/* It has a checkpoint of its own from now on: what changes in it later is seen. */
static int
note_copy(struct intake *in, struct checkpoint *c, const struct checkpoint *of, struct err *err)
{
	c->place = of->place;
	if (intake_begin(in, err) != 0 || store_set_checkpoint(in->st, c, of->number, err) != 0)
		return -1;
	return intake_commit(in, err);
}

static int
note_gap(struct intake *in, const struct searched_source *s, struct err *err)
{
	struct gap g = { str_from(s->path), s->lost_records, s->first_us, s->last_us };

	return s->lost_records > 0 ? store_add_gap(in->st, &g, err) : 0;
}

/* Inside the transaction of its last event. */
static int
conclude(struct intake *in, const struct print_file *f, struct checkpoint *c,
    const struct searched_source *s, struct err *err)
{
	if (note_gap(in, s, err) != 0)
		return -1;
	/* A file that was truncated or written over meanwhile is read anew the next time. */
	if (c->print.offset == 0 || s->failed != NULL || !begins_with(f, &c->print))
		return 0;
	if (store_set_checkpoint(in->st, c, 0, err) != 0)
		return -1;
	for (size_t i = 0; i < in->nopen; i++) {
		if (store_note_open(in->st, c->number, in->open[i], err) != 0)
			return -1;
	}
	return 0;
}

/* The ends of files are kept with the last of their events, or neither is. */
static int
conclude_all(struct intake *in, const struct print_file f[], struct checkpoint c[], size_t n,
    const struct searched_source *s, struct err *err)
{
	size_t nopen = in->nopen;

	if (intake_begin(in, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		in->nopen = i + 1 < n ? 0 : nopen;
		if (conclude(in, &f[i], &c[i], s, err) != 0)
			return -1;
	}
	return intake_commit(in, err);
}

/* Events that were cut at the end are read again; the others were read in this file. */
static int
go_on(struct intake *in, const struct checkpoint *c, struct err *err)
{
	if (intake_begin(in, err) != 0 || store_drop_open(in->st, c->number, err) != 0)
		return -1;
	return store_resume_pass(in->st, c->path, c->place.lines, err);
}

static int
read_file(struct intake *in, const char *path, const struct print_file *f, struct checkpoint *c,
    const struct checkpoint *before, struct err *err)
{
	const struct source_set one = { .paths = &path, .n = 1 };
	struct options o = *in->opts;
	struct source_part part = { .fd = f->fd, .end = f->size };
	struct reading r = { .in = in };
	int rc = 0;

	r.p = (struct pipeline){ .opts = &o, .sink = take, .ctx = &r, .set = &one };
	o.facts = true;
	if (f->fd != -1)
		o.source.part = &part;
	in->nopen = 0;
	store_begin_pass(in->st);
	if (before != NULL) {
		part.place = before->place;
		rc = go_on(in, before, err);
	}
	if (rc == 0)
		rc = pipeline_run(&r.p, err);
	if (rc == 0 && r.p.searched.n == 1) {
		in->partly |= r.p.failed;
		in->any_read |= !r.p.failed || r.p.searched.v[0].bytes > 0;
		c->place = r.p.next;
		rc = conclude_all(in, f, c, 1, &r.p.searched.v[0], err);
	}
	pipeline_done(&r.p);
	return rc;
}

int
intake_file(struct intake *in, const char *path, struct err *err)
{
	struct arena mem = { 0 };
	struct print_file f = print_open(path);
	struct str reading = reading_of(in->opts, &mem);
	struct checkpoint before = { .number = 0 };
	struct checkpoint c = { .path = str_from(path),
		.device = f.device,
		.inode = f.inode,
		.mtime_ns = f.mtime_ns,
		.reading = reading };
	enum standing s = STANDING_NEW;
	int rc = 0;

	in->files++;
	in->live = f.fd == -1;
	if (reading.p == NULL)
		s = err_no_memory(err);
	else if (f.fd != -1 && f.size > 0)
		s = look_up(in, &f, reading, &mem, &before, err);
	/* Before it is read: what is added meanwhile is not in it. */
	if (s != STANDING_SAME && !print_take(&f, f.size, &c.print))
		c.print.offset = 0;
	if (s == STANDING_SAME || s == STANDING_COPY)
		in->any_read = true, in->unchanged_files++;
	if (s == STANDING_FAILED)
		rc = -1;
	else if (s == STANDING_COPY)
		rc = note_copy(in, &c, &before, err);
	else if (s != STANDING_SAME)
		rc = read_file(in, path, &f, &c, s == STANDING_GROWN ? &before : NULL, err);
	print_close(&f);
	arena_done(&mem);
	return rc;
}

static size_t
how_many_are_known(struct intake *in, const struct source_set *set, struct str reading)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		struct arena mem = { 0 };
		struct print_file f = print_open(set->paths[i]);
		struct checkpoint c;
		struct err ignored;

		n += f.fd != -1 && f.size > 0 &&
		     look_up(in, &f, reading, &mem, &c, &ignored) != STANDING_NEW;
		print_close(&f);
		arena_done(&mem);
	}
	return n;
}

/* A rotated log goes on in its newest file; of a dump a part that is new belongs to all. */
static bool
is_read_as_one(struct intake *in, const struct source_set *set, struct str reading)
{
	size_t known;

	if (set->n == 1 || in->opts->source.kind != NULL)
		return false;
	known = how_many_are_known(in, set, reading);
	return set->kind == SET_PSTORE ? known < set->n : known == 0;
}

/* Files whose contents changed meanwhile, or that part an event which is not at its end, get no
 * checkpoint: they are read again. */
static int
read_set(struct intake *in, const struct source_set *set, struct str reading,
    struct print_file files[], struct checkpoint points[], struct err *err)
{
	struct options o = *in->opts;
	struct reading r = { .in = in,
		.last = set->kind == SET_ROTATED ? set->paths[set->n - 1] : NULL };
	int rc;

	r.p = (struct pipeline){ .opts = &o, .sink = take, .ctx = &r, .set = set };
	o.facts = true;
	in->nopen = 0;
	for (size_t i = 0; i < set->n; i++) {
		struct print_file *f = &files[i];

		*f = print_open(set->paths[i]);
		points[i] = (struct checkpoint){ .path = str_from(set->paths[i]),
			.device = f->device,
			.inode = f->inode,
			.mtime_ns = f->mtime_ns,
			.reading = reading };
		if (!print_take(f, f->size, &points[i].print))
			points[i].print.offset = 0;
	}
	store_begin_pass(in->st);
	rc = pipeline_run(&r.p, err);
	if (rc == 0 && r.p.searched.n == 1) {
		in->partly |= r.p.failed;
		in->any_read |= !r.p.failed || r.p.searched.v[0].bytes > 0;
		for (size_t i = 0; i < set->n && r.parted; i++)
			points[i].print.offset = 0;
		rc = conclude_all(in, files, points, set->n, &r.p.searched.v[0], err);
	}
	for (size_t i = 0; i < set->n; i++)
		print_close(&files[i]);
	pipeline_done(&r.p);
	return rc;
}

int
intake_set(struct intake *in, const struct source_set *set, struct err *err)
{
	struct arena mem = { 0 };
	struct str reading = reading_of(in->opts, &mem);
	struct print_file *files = arena_alloc(&mem, set->n * sizeof(*files));
	struct checkpoint *points = arena_alloc(&mem, set->n * sizeof(*points));
	int rc = 0;

	if (reading.p == NULL || files == NULL || points == NULL) {
		rc = err_no_memory(err);
	} else if (set->failed != NULL) {
		message("%s", set->failed);
		in->partly = true;
	} else if (is_read_as_one(in, set, reading)) {
		in->files += (int64_t)set->n;
		rc = read_set(in, set, reading, files, points, err);
	} else {
		for (size_t i = 0; i < set->n && rc == 0; i++)
			rc = intake_file(in, set->paths[i], err);
	}
	arena_done(&mem);
	return rc;
}
