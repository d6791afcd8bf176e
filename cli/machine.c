#include "cli/machine.h"

#include "ingest/expand_pstore.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

static int
run_one(struct pipeline *p, const char *where, struct err *err)
{
	const struct options *all = p->opts;
	struct options o = *all;
	char *paths[] = { (char *)(uintptr_t)where }; /* nobody writes to what options name */
	int rc;

	o.paths = paths;
	o.npaths = 1;
	p->opts = &o;
	rc = pipeline_run(p, err);
	p->opts = all;
	return rc;
}

/* Packages make the directory; the journal's own one in it is made when it is written. */
static bool
holds_something(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e = NULL;

	if (d == NULL)
		return errno != ENOENT;
	while ((e = readdir(d)) != NULL && e->d_name[0] == '.')
		;
	closedir(d);
	return e != NULL;
}

/* What it said when it died; who may not read that does without. */
static bool
has_pstore(void)
{
	const char *dir;

	for (size_t i = 0; (dir = pstore_directory("pstore:", i)) != NULL; i++) {
		if (access(dir, R_OK) == 0 && holds_something(dir))
			return true;
	}
	return false;
}

/* A machine without a journal lacks nothing; one whose journal we may not read does, and the
 * pipeline names the right that is missing. */
int
machine_run(struct pipeline *p, struct err *err)
{
	bool has_journal =
	    holds_something("/var/log/journal") || holds_something("/run/log/journal");

	if ((has_pstore() && run_one(p, "pstore:", err) != 0) ||
	    (has_journal && run_one(p, "journal:", err) != 0))
		return -1;
	if (has_journal && !p->failed)
		return 0;
	return run_one(p, "kmsg:", err);
}
