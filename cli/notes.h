/* What stood beside the events of a log: the newest, until it is known which matter. */
#ifndef OOMWHY_CLI_NOTES_H
#define OOMWHY_CLI_NOTES_H

#include "analyze/redact.h"
#include "model/note.h"
#include "report/incident.h"

enum { NOTES_MAX = 4096, NOTE_TEXT = 160, NOTE_HOST = 256 };

struct kept_note {
	struct note note; /* its slices are set when it is asked for */
	unsigned source;
	char host[NOTE_HOST], boot_id[40], comm[32], text[NOTE_TEXT];
	size_t host_n, boot_id_n, comm_n, text_n;
	bool has_host, has_boot_id;
};

/* Zero-initialise. */
struct notes {
	struct kept_note *v; /* a ring */
	size_t n;	     /* ever kept */
	struct note *around;
	bool failed; /* no memory: some are missing */
};

void notes_keep(struct notes *, const struct note *, unsigned source);
/* Those of the incidents' host and boot, from some time before the first to some time after the
 * last, or all of them.  They live until the next call; *ret NULL: no memory. */
size_t notes_around(
    struct notes *, const struct incident *const *, size_t n, bool all, struct note **ret);
/* 0, or -1: no memory.  r may be NULL. */
int notes_redact(struct notes *, struct redactor *r);
bool notes_same_boot(const struct incident *, const struct incident *);
void notes_done(struct notes *);

#endif
