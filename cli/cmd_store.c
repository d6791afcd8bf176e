/* Looking after the store. */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/reckoning.h"
#include "cli/reparse.h"
#include "cli/stored.h"
#include "report/instant.h"
#include "report/words.h"
#include "system/machine.h"

#include <string.h>

typedef int action_fn(struct store *, const struct options *, struct err *);

static void
put_time(const char *what, int64_t us)
{
	struct instant_text t;

	if (instant_rfc3339(us, &t))
		printf("%-12s %s\n", what, t.s);
}

/* What the kernel of this machine counted since it booted, beside what is here of it. */
static int
put_kills(struct store *st, struct err *err)
{
	struct machine m;
	struct reckoning c;
	struct root r;
	int rc = root_open(&r, "/", err);

	if (rc != 0)
		return -1;
	rc = machine_read(&m, &r, 0, err);
	if (rc == 0 && known(m.oom_kills) && (rc = reckon_store(&c, &m, st, err)) == 0)
		printf("%-12s %lld kills counted by this kernel, %lld of them here\n", "since boot",
		    (long long)c.counted, (long long)c.logged);
	machine_done(&m);
	root_close(&r);
	return rc;
}

static int
store_tell(struct store *st, const struct options *o, struct err *err)
{
	struct store_info i;

	(void)o;
	if (store_info(st, &i, err) != 0)
		return -1;
	printf("%-12s %s%s\n%-12s %lld\n", "store", i.path,
	    i.immutable ? " (read as it lies: nobody writes)" : "", "version",
	    (long long)i.version);
	printf("%-12s %lld, of %lld hosts\n%-12s %lld\n%-12s %lld\n", "events", (long long)i.events,
	    (long long)i.hosts, "victims", (long long)i.victims, "task rows", (long long)i.tasks);
	put_time("from", i.first_us);
	put_time("to", i.last_us);
	printf("%-12s %lld\n%-12s %lld, of %lld records\n", "sources", (long long)i.sources, "gaps",
	    (long long)i.gaps, (long long)i.lost);
	printf("%-12s %s, of which %s are free\n", "size", words_kb(i.bytes / 1024).s,
	    words_kb(i.free_bytes / 1024).s);
	printf("%-12s %s\n", "raw lines", words_kb(i.raw_bytes / 1024).s);
	return put_kills(st, err);
}

static int
store_examine(struct store *st, const struct options *o, struct err *err)
{
	int64_t events;

	(void)o;
	if (store_check(st, &events, err) != 0)
		return -1;
	printf("sound: %s, every one can be read\n", words_count(events, "event", "events").s);
	return 0;
}

static int
store_forget(struct store *st, const struct options *o, struct err *err)
{
	int64_t gone, before = UNKNOWN;

	if (known(o->keep_us))
		before = o->source.now_us - o->keep_us;
	if (store_prune(st, before, o->max_bytes, &gone, err) != 0)
		return -1;
	printf("%s forgotten\n", words_count(gone, "event", "events").s);
	return 0;
}

/* All of another store, in one transaction. */
static int
copy_all(struct store *st, struct store *other, int64_t *ret_fresh, struct err *err)
{
	int64_t event = 0, here;

	store_begin_pass(st);
	while ((event = store_next(other, event, err)) > 0) {
		struct event *ev = store_get(other, event, err);
		enum store_put put = ev == NULL ? PUT_FAILED : store_put(st, ev, &here, err);

		event_free(ev);
		if (put == PUT_FAILED)
			return -1;
		*ret_fresh += put == PUT_NEW;
	}
	return event < 0 ? -1 : stored_summarise(st, INT64_MAX, &event, err);
}

static int
store_unite(struct store *st, const struct options *o, struct err *err)
{
	struct store *other = store_open(o->paths[1], STORE_READ, 0, err);
	int64_t fresh = 0;
	int rc = other == NULL || store_begin(st, err) != 0 ? -1 : 0;

	if (rc == 0 && copy_all(st, other, &fresh, err) == 0)
		rc = store_commit(st, err);
	else
		rc = -1;
	store_close(other);
	if (rc == 0)
		printf("%lld new\n", (long long)fresh);
	return rc;
}

static int
store_read_again(struct store *st, const struct options *o, struct err *err)
{
	int64_t events, changed, from = 0;

	if (store_begin(st, err) != 0 || reparse_all(st, o, &events, &changed, err) != 0 ||
	    stored_summarise(st, INT64_MAX, &from, err) != 0 || store_commit(st, err) != 0)
		return -1;
	printf("%s read again, %lld changed\n", words_count(events, "event", "events").s,
	    (long long)changed);
	return 0;
}

static const struct action {
	const char *name;
	enum store_mode mode;
	int operands;
	action_fn *run;
} actions[] = {
	{ "info", STORE_READ, 0, store_tell },
	{ "check", STORE_READ, 0, store_examine },
	{ "prune", STORE_WRITE, 0, store_forget },
	{ "merge", STORE_WRITE, 1, store_unite },
	{ "reparse", STORE_WRITE, 0, store_read_again },
};

static enum exit_code
act(const struct action *a, const struct options *o)
{
	struct err err = { "" };
	struct store *st = stored_open(o, a->mode, &err);
	int rc = st == NULL ? -1 : a->run(st, o, &err);

	if (rc != 0)
		message("%s", err.msg);
	store_close(st);
	return rc == 0 ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code
run_store(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	for (size_t i = 0; i < ARRAY_LEN(actions) && o.npaths > 0; i++) {
		if (strcmp(actions[i].name, o.paths[0]) != 0)
			continue;
		if (o.npaths != 1 + actions[i].operands)
			return usage_error(cmd, actions[i].operands > 0 ? "name the other store"
									: "too many arguments");
		if (actions[i].run == store_forget && !known(o.keep_us) && !known(o.max_bytes))
			return usage_error(
			    cmd, "say what to keep: --keep 2y, --max-size 500M, or both");
		return act(&actions[i], &o);
	}
	return usage_error(cmd, "say what to do: info, check, prune, merge or reparse");
}

const struct cmd cmd_store = { "store", "info|check|prune|merge OTHER|reparse [OPTION...]",
	"info      what is in the store\n"
	"check     read all of it, and say whether it is sound\n"
	"prune     forget old events: --keep, --max-size\n"
	"merge     take over the events of another store\n"
	"reparse   read the stored reports again, as this version understands them",
	CMD_STORE, run_store };
