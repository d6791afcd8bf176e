/*
 * One kernel log line with its prefix taken off: what ingest/ makes of every
 * format and parse/ reads.
 */
#ifndef OOMWHY_MODEL_RECORD_H
#define OOMWHY_MODEL_RECORD_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* How the wall-clock time of a record is known. */
enum time_source {
	TIME_NONE,	    /* not at all */
	TIME_RECORD,	    /* a full stamp in the log */
	TIME_INFERRED_YEAR, /* a stamp without a year; the year was worked out */
	TIME_BOOT_OFFSET,   /* boot time + kernel stamp (dmesg -T and its kind) */
};

/*
 * Slices live until the next call of source_next().  Text that is not in the
 * log is STR_NONE, numbers UNKNOWN.
 */
struct record {
	struct str text; /* the message; escapes undone; never holds a newline */
	struct str raw;	 /* the physical line as it stood (first line of a multi-line entry) */
	struct str host;
	struct str boot_id;    /* 32 hex digits, where the format has it */
	struct str ident;      /* who logged it: "kernel", "systemd-oomd", "earlyoom" */
	struct str caller;     /* CONFIG_PRINTK_CALLER: "T116", "C3" */
	struct str path;       /* of the source, as the user named it ("-": standard input) */
	int64_t line;	       /* 1-based, in that source */
	int64_t mono_us;       /* the kernel's own stamp: microseconds since boot */
	int64_t real_us;       /* microseconds since 1970, UTC */
	int64_t real_error_us; /* half-width of what real_us may be off by */
	enum time_source real_source;
	int64_t seq;	     /* /dev/kmsg sequence number */
	int facility, level; /* syslog's; -1: not in the log */
	int64_t lost_before; /* records known to be lost just before this one; 0: none known */
	bool kernel_known;   /* proven to be the kernel's own (kmsg, pstore, journal; facility 0) */
	bool fragment;	     /* kmsg flag 'c', or the rest of a record split at a newline */
	bool bare;	     /* no prefix of its own, though the lines around it may have one */
	bool new_boot;	     /* a boot separator stood before this record */
	bool truncated;	     /* cut at the line size limit */
	unsigned boot;	     /* number of the boot within this host and source, from 0: grows when
				the kernel stamp falls back or a separator is met */
};

#endif
