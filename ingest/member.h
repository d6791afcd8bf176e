/*
 * What a member of an archive, or a file of a directory, is good for: told by its name where
 * it stands in a sosreport, else by its first bytes.  Pure.
 */
#ifndef OOMWHY_INGEST_MEMBER_H
#define OOMWHY_INGEST_MEMBER_H

#include "base/str.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

enum member_kind {
	MEMBER_OTHER,  /* its content decides */
	MEMBER_LOG,    /* a kernel log */
	MEMBER_DMESG,  /* the same, and it is of the boot that the report was made in */
	MEMBER_PASSED, /* of a sosreport, and not a log */
	MEMBER_HOST,   /* holds the name of the host */
	MEMBER_UNAME,  /* "Linux HOST RELEASE ..." */
	MEMBER_BTIME,  /* /proc/stat: when the machine was booted */
};

enum member_content {
	CONTENT_TEXT,
	CONTENT_BINARY,
	CONTENT_JOURNAL, /* of systemd: it cannot be read as a stream */
};

enum { MEMBER_FACT_MAX = 64 << 10 }; /* bytes of a file of facts that are looked at */

/* What other members said of a machine. */
struct member_facts {
	char host[65];	 /* "": not known; without its domain, as syslog writes it */
	int64_t boot_us; /* UNKNOWN */
};

enum member_kind member_kind_of(struct str path);
enum member_content member_content_of(struct str head);
/* The directory that a sosreport has for itself; STR_NONE: the path is of none. */
struct str member_report_of(struct str path);
/* Take what the directory of a report says: a host, until a member says which. */
void member_learn_report(struct member_facts *, struct str top);
/* Take what a member of these kinds says; what makes no sense is not taken. */
void member_learn(struct member_facts *, enum member_kind, struct str content);
/* What a log of this kind does not say and the other members did. */
void member_complete(const struct member_facts *, enum member_kind, struct record *);

#endif
