/* Logs into the store, every event once. */
#include "cli/answer.h"
#include "cli/follow.h"
#include "cli/message.h"
#include "cli/stored.h"
#include "ingest/print.h"

#include <string.h>

/* Between commits: what a kill of ours can cost to read again. */
enum { EVENTS_AT_ONCE = 256 };

struct intake {
	struct store *st;
	const struct options *opts;
	int64_t found, fresh, completed, unchanged_files, files;
	int uncommitted;
	bool live; /* a pipe: who knows when more will come, and others want to write */
	bool writing, partly, any_read;
};

static int
begin(struct intake *in, struct err *err)
{
	if (in->writing)
		return 0;
	if (store_begin(in->st, err) != 0)
		return -1;
	in->writing = true;
	in->uncommitted = 0;
	return 0;
}

static int
commit(struct intake *in, struct err *err)
{
	if (!in->writing)
		return 0;
	in->writing = false;
	return store_commit(in->st, err);
}

static int
take(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct intake *in = ctx;
	enum store_put put = PUT_FAILED;
	int64_t event;

	(void)source;
	if (begin(in, err) == 0)
		put = store_put(in->st, f.event, &event, err);
	event_free(f.event);
	if (put == PUT_FAILED)
		return -1;
	in->found++;
	in->fresh += put == PUT_NEW;
	in->completed += put == PUT_COMPLETED;
	return ++in->uncommitted < (in->live ? 1 : EVENTS_AT_ONCE) ? 0 : commit(in, err);
}

/* Options that change what a file says. */
static struct str
reading_of(const struct options *o, struct arena *mem)
{
	const char *kind = o->source.kind, *zone = o->source.zone;

	return arena_printf(mem, "%s %s %lld", kind == NULL ? "-" : kind, zone == NULL ? "-" : zone,
	    known(o->source.year) ? (long long)o->source.year : 0LL);
}

static bool
fits(const struct print_file *f, const struct checkpoint *c, struct str reading)
{
	struct file_print now;

	return c->print.offset == f->size && str_eq(c->reading, reading) &&
	       (c->inode != f->inode || c->device != f->device || c->mtime_ns == f->mtime_ns) &&
	       print_take(f, f->size, &now) && now.head == c->print.head &&
	       now.tail == c->print.tail;
}

/* Whether the file was read to its end before: 1, or 2: not it, but one it is a copy of. */
static int
is_known(struct intake *in, const struct print_file *f, struct str reading, struct arena *mem,
    struct err *err)
{
	struct checkpoint c;
	struct file_print now;
	int got;

	for (unsigned n = 0;
	     (got = store_checkpoint_file(in->st, f->device, f->inode, n, mem, &c, err)) == 1;
	     n++) {
		if (fits(f, &c, reading))
			return 1;
		if (c.print.offset == f->size) /* written to, and as long as before */
			return 0;
	}
	if (got < 0 || !print_take(f, f->size, &now))
		return got;
	for (unsigned n = 0; (got = store_checkpoint_head(in->st, now.head, n, mem, &c, err)) == 1;
	     n++) {
		if (fits(f, &c, reading))
			return 2;
	}
	return got;
}

/* It has a checkpoint of its own from now on: what changes in it later is seen. */
static int
note_copy(struct intake *in, const struct checkpoint *c, struct err *err)
{
	if (begin(in, err) != 0 || store_set_checkpoint(in->st, c, err) != 0)
		return -1;
	return commit(in, err);
}

static int
note_gap(struct intake *in, const struct searched_source *s, struct err *err)
{
	struct gap g = { str_from(s->path), s->lost_records, s->first_us, s->last_us };

	return s->lost_records > 0 ? store_add_gap(in->st, &g, err) : 0;
}

/* The end of a file is kept with the last of its events, or neither is. */
static int
conclude(
    struct intake *in, const struct checkpoint *c, const struct searched_source *s, struct err *err)
{
	if (begin(in, err) != 0 || note_gap(in, s, err) != 0)
		return -1;
	if (c->print.offset > 0 && s->failed == NULL && store_set_checkpoint(in->st, c, err) != 0)
		return -1;
	return commit(in, err);
}

static int
read_file(struct intake *in, char *path, const struct checkpoint *c, struct err *err)
{
	char *one[] = { path, NULL };
	struct options o = *in->opts;
	struct pipeline p = { .opts = &o, .sink = take, .ctx = in };
	int rc;

	o.paths = one;
	o.npaths = 1;
	o.facts = true;
	store_begin_pass(in->st);
	rc = pipeline_run(&p, err);
	if (rc == 0 && p.searched.n == 1) {
		in->partly |= p.failed;
		in->any_read |= !p.failed || p.searched.v[0].bytes > 0;
		rc = conclude(in, c, &p.searched.v[0], err);
	}
	pipeline_done(&p);
	return rc;
}

static int
ingest_one(struct intake *in, char *path, struct err *err)
{
	struct arena mem = { 0 };
	struct print_file f = print_open(path);
	struct str reading = reading_of(in->opts, &mem);
	struct checkpoint c = { .path = str_from(path),
		.device = f.device,
		.inode = f.inode,
		.mtime_ns = f.mtime_ns,
		.reading = reading };
	int known = 0, rc;

	in->files++;
	in->live = f.fd == -1;
	if (reading.p == NULL)
		known = err_no_memory(err);
	else if (f.fd != -1 && f.size > 0)
		known = is_known(in, &f, reading, &mem, err);
	/* Before it is read: what is added meanwhile is not in it. */
	if (known != 1 && !print_take(&f, f.size, &c.print))
		c.print.offset = 0;
	if (known > 0)
		in->any_read = true, in->unchanged_files++;
	if (known == 0)
		rc = read_file(in, path, &c, err);
	else
		rc = known == 2 ? note_copy(in, &c, err) : known < 0 ? -1 : 0;
	print_close(&f);
	arena_done(&mem);
	return rc;
}

/* A new analyzer may have years to look at: others may write in between. */
static int
summarise(struct intake *in, struct err *err)
{
	int64_t event = 0;

	do {
		if (begin(in, err) != 0 ||
		    stored_summarise(in->st, EVENTS_AT_ONCE, &event, err) != 0 ||
		    commit(in, err) != 0)
			return -1;
	} while (event > 0);
	return 0;
}

static enum exit_code
ingest(const struct options *o, struct err *err)
{
	struct intake in = { .st = stored_open(o, STORE_WRITE, err), .opts = o };
	int rc = in.st == NULL ? -1 : 0;

	for (int i = 0; i < o->npaths && rc == 0; i++)
		rc = ingest_one(&in, o->paths[i], err);
	if (rc == 0)
		rc = summarise(&in, err);
	store_close(in.st);
	if (rc != 0)
		return EXIT_FAILED;
	printf("%lld new, %lld completed, %lld known; %lld of %lld files unchanged\n",
	    (long long)in.fresh, (long long)in.completed,
	    (long long)(in.found - in.fresh - in.completed), (long long)in.unchanged_files,
	    (long long)in.files);
	return !in.partly ? EXIT_DONE : in.any_read ? EXIT_PARTLY : EXIT_FAILED;
}

static enum exit_code
run_ingest(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	struct err err = { "" };
	enum exit_code code;

	switch (options_parse(&o, cmd, argc, argv, &err)) {
	case OPTIONS_HELP:
		options_help(stdout, cmd);
		return EXIT_DONE;
	case OPTIONS_BAD:
		return usage_error(cmd, err.msg);
	case OPTIONS_OK:
		break;
	}
	if (o.exec != NULL && !o.follow)
		return usage_error(cmd, "--exec goes with --follow");
	if (o.follow)
		return follow(&o);
	if (o.npaths == 0)
		return usage_error(cmd, "name the logs to read, or - for standard input");
	code = ingest(&o, &err);
	if (err.msg[0] != '\0' && code == EXIT_FAILED)
		message("%s", err.msg);
	return code;
}

const struct cmd cmd_ingest = { "ingest", "[OPTION...] FILE... | --follow [SOURCE...]",
	"Put the OOM events of logs into the store, each once, wherever and however often it\n"
	"is read.  Files that have not changed since are not read again.",
	CMD_INGEST, run_ingest };
