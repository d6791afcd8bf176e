/* What `whatif` is asked: the arguments of its own options. */
#ifndef OOMWHY_CLI_ASK_H
#define OOMWHY_CLI_ASK_H

#include "analyze/redact.h"
#include "analyze/whatif.h"

enum { ASK_MAX = 32 /* of each option */ };

/* Names are those of the command line. */
struct ask {
	struct whatif_adj adj[ASK_MAX];
	struct whatif_who gone[ASK_MAX], why_not[ASK_MAX];
	size_t nadj, ngone, nwhy_not;
	int64_t limit_kb, ram_kb, swap_kb;
};

/* Nothing asked. */
struct ask ask_nothing(void);
struct whatif_ask ask_get(const struct ask *);
/* Names of processes as the redacted event has them.  -1: no memory. */
int ask_redact(struct ask *, struct redactor *);

#endif
