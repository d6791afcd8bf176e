/*
 * The user's own names for services, a line each:
 *
 *	shop frontend = gunicorn* | /system.slice/shop-*.service*
 *
 * A pattern that begins with '/' is of cgroup paths, any other of process names;
 * '*' is any run of bytes, '?' any one.  '#' begins a comment.  The first line
 * that fits is taken, before any name that we know.
 */
#ifndef OOMWHY_ANALYZE_SERVICE_RULES_H
#define OOMWHY_ANALYZE_SERVICE_RULES_H

#include "base/arena.h"
#include "base/err.h"

enum { SERVICE_RULES_BYTES = 256 * 1024, SERVICE_RULES_MAX = 4096 };

struct service_rule {
	struct str name, pattern; /* slices of the text */
};

struct service_rules {
	struct arena mem; /* of the text and the rules; arena_done() frees all */
	struct service_rule *v;
	size_t n, cap;
};

/* *ret must be zeroed; the text is copied.  On -1 *err says "FILE:LINE: what is wrong". */
int service_rules_parse(struct service_rules *ret, struct str text, const char *file, struct err *);

#endif
