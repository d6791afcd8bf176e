/*
 * What user-space OOM killers write: systemd-oomd, earlyoom, Meta's oomd,
 * nohang, Android's lmkd, kubelet.  One pure function of one line.
 */
#ifndef OOMWHY_PARSE_USERSPACE_H
#define OOMWHY_PARSE_USERSPACE_H

#include "base/str.h"

enum userspace_phase {
	USERSPACE_CAUSE, /* says why, names no victim: the reason of the kill that follows */
	USERSPACE_KILL,	 /* names who is being or was killed */
	USERSPACE_AFTER, /* tells how it ended */
};

/* Slices are borrowed from the text; what the line does not say is unknown. */
struct userspace_kill {
	const char *killer; /* "systemd-oomd"; static */
	enum userspace_phase phase;
	int64_t pid, uid, oom_score_adj, score, rss_kb, swap_kb;
	struct str comm, cgroup, unit, reason;
};

/* `ident`: the program that logged it, STR_NONE where the format does not say: then only
 * unmistakable lines match. */
bool userspace_match(struct str ident, struct str text, struct userspace_kill *ret);

/* Literals, one of which stands in every line that can match. */
const struct str *userspace_anchors(size_t *ret_n);

#endif
