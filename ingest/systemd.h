/*
 * libsystemd, loaded when a journal or the service manager is needed and not before: a program
 * that explains a text file shall not wait for five libraries to be linked.
 */
#ifndef OOMWHY_INGEST_SYSTEMD_H
#define OOMWHY_INGEST_SYSTEMD_H

#include "base/err.h"

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#define SYSTEMD_CALLS(CALL)                                                                        \
	CALL(sd_journal_open)                                                                      \
	CALL(sd_journal_open_files)                                                                \
	CALL(sd_journal_close)                                                                     \
	CALL(sd_journal_next)                                                                      \
	CALL(sd_journal_get_data)                                                                  \
	CALL(sd_journal_enumerate_data)                                                            \
	CALL(sd_journal_restart_data)                                                              \
	CALL(sd_journal_get_realtime_usec)                                                         \
	CALL(sd_journal_get_monotonic_usec)                                                        \
	CALL(sd_journal_get_cursor)                                                                \
	CALL(sd_journal_test_cursor)                                                               \
	CALL(sd_journal_seek_cursor)                                                               \
	CALL(sd_journal_seek_head)                                                                 \
	CALL(sd_journal_set_data_threshold)                                                        \
	CALL(sd_journal_get_fd)                                                                    \
	CALL(sd_journal_process)                                                                   \
	CALL(sd_notify)                                                                            \
	CALL(sd_watchdog_enabled)

struct systemd {
	void *library;
#define SYSTEMD_MEMBER(name) __typeof__(name) *(name);
	SYSTEMD_CALLS(SYSTEMD_MEMBER)
#undef SYSTEMD_MEMBER
};

int systemd_load(struct systemd *, struct err *);
void systemd_unload(struct systemd *); /* never loaded is fine */

#endif
