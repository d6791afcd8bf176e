#include "cli/collect.h"

#include "cli/intake.h"
#include "cli/message.h"
#include "ingest/expand_pstore.h"

/* 1: there is nothing, or it was read; 0: some of it could not be; -1 and *err. */
static int
read_all(struct store *st, const char *where, const struct options *o, bool quiet, struct err *err)
{
	char *paths[] = { (char *)(uintptr_t)where }; /* nobody writes to what options name */
	struct intake in = { .st = st, .opts = o };
	struct source_list list = { 0 };
	int rc = source_list_make(&list, paths, 1, err);

	for (size_t i = 0; i < list.n && rc == 0; i++) {
		if (quiet && list.v[i].failed != NULL)
			in.partly = true;
		else
			rc = intake_set(&in, &list.v[i], err);
	}
	source_list_done(&list);
	return rc != 0 ? -1 : !in.partly;
}

/* A dump is of a boot that has ended: in each boot there is something new once. */
static int
collect(struct store *st, const char *where, struct str boot, const struct options *o, bool quiet,
    struct err *err)
{
	struct arena mem = { 0 };
	struct str seen = STR_NONE;
	int rc = store_position(st, where, &mem, &seen, err);

	if (rc >= 0 && (seen.p == NULL || boot.p == NULL || !str_eq(seen, boot)))
		rc = read_all(st, where, o, quiet, err);
	else if (rc >= 0)
		rc = 0;
	arena_done(&mem);
	if (rc <= 0 || boot.p == NULL)
		return rc;
	if (store_begin(st, err) != 0)
		return -1;
	if (store_set_position(st, where, boot, err) != 0) {
		store_rollback(st);
		return -1;
	}
	return store_commit(st, err);
}

int
collect_pstore(struct store *st, const struct root *root, const struct options *o, struct err *err)
{
	struct arena mem = { 0 };
	struct str boot = root_line(root, "proc/sys/kernel/random/boot_id", &mem);
	int rc = 0;

	/* Who did not ask for it is not told that he may not read it. */
	if (o->npaths == 0)
		rc = collect(st, "pstore:", boot, o, true, err);
	for (int i = 0; i < o->npaths && rc >= 0; i++) {
		if (pstore_is_named(o->paths[i]))
			rc = collect(st, o->paths[i], boot, o, false, err);
	}
	arena_done(&mem);
	return rc < 0 ? -1 : 0;
}
