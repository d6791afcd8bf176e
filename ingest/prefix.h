/*
 * What stands before the message on a line, in every style that is known.
 *
 * A style is one row: a name and a function that takes the prefix off.  Files
 * mix styles, so each line is recognised by itself; the style that fitted last
 * is tried first.  Styles stand inside each other (a container's log of a
 * syslog file of kernel messages): what a style leaves is looked at again.
 */
#ifndef OOMWHY_INGEST_PREFIX_H
#define OOMWHY_INGEST_PREFIX_H

#include "base/civil.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* No stamp is beyond the year 9999: sums of a few of them cannot overflow. */
#define PREFIX_MAX_US INT64_C(253402300799999999)

/*
 * dmesg adds the kernel's clock to the time of boot that it works out now.  That clock is not
 * slewed (some seconds a day) and stands still in suspend: a stamp of dmesg -T is a minute
 * off at a usual uptime, and by all the time slept where the machine did.
 */
enum { PREFIX_BOOT_ERROR_US = 60000000 };

enum stamp_kind {
	STAMP_NONE,
	STAMP_UNIX,  /* us: since 1970 */
	STAMP_CIVIL, /* at, us: the fraction */
	STAMP_DELTA, /* us: since the line before */
};

/* A wall-clock stamp as it was printed. */
struct stamp {
	enum stamp_kind kind;
	struct civil at; /* year 0: not printed; month 0: in a language that is not known */
	int64_t us;
	int offset_s;
	bool has_offset;  /* else local time */
	bool boot_offset; /* dmesg added the kernel's stamp to the time of boot */
	int64_t error_us; /* half of the last place */
};

/* What may follow a prefix. */
enum prefix_rest {
	REST_TEXT,   /* the message */
	REST_KERNEL, /* the message of a kernel that may have put its own stamp before it */
	REST_LINE,   /* a line, with a prefix of its own or not */
};

struct prefix {
	struct str text; /* what is left of the line */
	struct str host, ident, caller;
	struct str boot_id;
	struct stamp stamp;
	int64_t mono_us;
	int64_t seq;
	int facility, level;
	enum prefix_rest rest;
	bool octal;		     /* rsyslog may have written #012 */
	bool escaped;		     /* /dev/kmsg's \xNN */
	bool fragment;		     /* flag 'c' */
	bool partial;		     /* more of this line follows (CRI's P) */
	bool kernel_known;	     /* by where it was read */
	int64_t frag_at, frag_total; /* netconsole's ncfrag; UNKNOWN: whole */
};

/* What recognising a line needs to know of those before it. */
struct prefix_memory {
	size_t last;   /* style that fitted */
	char host[64]; /* seen before a message of the kernel's: a word that is a host's name */
	size_t nhost;
	bool in_pstore; /* the file began as one */
	/* "Nov 22 23:35:09": lines of one second need it read once. */
	char second[15];
	struct civil second_at;
	/* "web-1 kernel: ": so do lines of one kernel. */
	char origin[48];
	size_t norigin, norigin_host;
};

/*
 * A style takes its prefix off p->text and sets what it says; what it does not
 * say it leaves alone.  false: not this style, and *p is as it was.
 */
typedef bool prefix_take(struct prefix *p, struct prefix_memory *);

struct prefix_style {
	const char *name;
	prefix_take *take;
	bool in_order; /* a line means nothing without those before it: none may be skipped */
};

const struct prefix_style *prefix_style_at(size_t i); /* NULL after the last */
/* Nothing known yet.  What a stamp of no kind says is left as it was. */
void prefix_begin(struct prefix *, struct str line);
struct prefix prefix_none(struct str line);

/*
 * Take every prefix off *p.  The style of the outermost, or NULL if there is none
 * and p->text stays.
 */
const struct prefix_style *prefix_peel(struct prefix_memory *, struct prefix *p);

/* What relays put before a message of the kernel's, and its own stamp. */
void prefix_take_kernel(struct prefix *p);

/* The styles, one line each in prefix.c. */
prefix_take prefix_dmesg, prefix_dmesg_wall, prefix_dmesg_delta, prefix_dmesg_reltime,
    prefix_dmesg_decoded, prefix_pri, prefix_iso, prefix_syslog, prefix_syslog5424,
    prefix_short_full, prefix_short_unix, prefix_kmsg, prefix_netconsole, prefix_logcat, prefix_tag,
    prefix_inside;

/* Parts that several styles share; each consumes and returns true, or changes nothing. */
bool prefix_eat_mono(struct str *, int64_t *ret_us, struct str *ret_caller);
bool prefix_eat_origin(struct prefix *, struct str *, bool sure, struct prefix_memory *);
bool prefix_eat_tag(struct str *, struct str *ret_ident);
/* "kern.warn"; the names alone for dmesg -x. */
int prefix_facility(struct str name); /* -1: not one */
int prefix_level(struct str name);
/* "<N>" */
bool prefix_eat_pri(struct str *, int *ret_facility, int *ret_level);
int64_t prefix_error_us(int digits);

#endif
