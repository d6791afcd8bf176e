/* The only way to stderr. */
#ifndef OOMWHY_CLI_MESSAGE_H
#define OOMWHY_CLI_MESSAGE_H

/* "oomwhy: ...": one line; what a file name or a log put into it is escaped. */
void message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
