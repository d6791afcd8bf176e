/* "key:123kB key: 4 key? yes": the tokens of Mem-Info lines.  Private to parse/. */
#ifndef OOMWHY_PARSE_TOKENS_H
#define OOMWHY_PARSE_TOKENS_H

#include "parse/internal.h"

struct token {
	struct str key;
	int64_t value;
	bool has_value;
	bool kb;  /* "kB" or "KB" stood behind it (5.6 - 7.2 print reserved_highatomic:0KB) */
	bool yes; /* "all_unreclaimable? yes" */
};

/* The next token off the front; a word that is none is skipped.  False at the end. */
bool token_next(struct str *text, struct token *ret);
int64_t counter_get_str(const struct counters *, struct str name);

#endif
