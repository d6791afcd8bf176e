#include "cli/rules.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
read_rules(FILE *f, const char *file, struct service_rules *ret, struct err *err)
{
	char *text = mem_alloc(SERVICE_RULES_BYTES + 1);
	size_t n;
	int rc;

	if (text == NULL)
		return err_no_memory(err);
	n = fread(text, 1, SERVICE_RULES_BYTES + 1, f);
	if (ferror(f))
		rc = err_set(err, "%s: cannot be read: %s", file, strerror(errno));
	else if (n > SERVICE_RULES_BYTES)
		rc = err_set(err, "%s: more than %d KiB", file, SERVICE_RULES_BYTES / 1024);
	else
		rc = service_rules_parse(ret, (struct str){ text, n }, file, err);
	mem_free(text);
	if (rc != 0)
		arena_done(&ret->mem);
	return rc;
}

int
rules_load(const char *file, struct service_rules *ret, struct err *err)
{
	const char *name = file != NULL ? file : RULES_FILE;
	FILE *f = fopen(name, "re");
	int rc;

	if (f == NULL && file == NULL && errno == ENOENT)
		return 0;
	if (f == NULL)
		return err_set(err, "%s: cannot be opened: %s", name, strerror(errno));
	rc = read_rules(f, name, ret, err);
	fclose(f);
	return rc;
}
