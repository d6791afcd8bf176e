/*
 * What went wrong, for the person at the terminal.  The deepest caller writes
 * it, callers may prefix what they were doing, only cli/ prints it.
 */
#ifndef OOMWHY_BASE_ERR_H
#define OOMWHY_BASE_ERR_H

struct err {
	char msg[512];
};

/* Both return -1, so that `return err_set(...)` reads as one step. */
int err_set(struct err *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_prefix(struct err *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_no_memory(struct err *);

#endif
