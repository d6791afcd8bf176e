#include "analyze/glob.h"

enum { COMM_MAX = 15 }; /* TASK_COMM_LEN - 1 */

bool
glob_match(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == text.p[t])) {
			p++, t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

/* Whether the pattern can match a text that only begins so. */
static bool
may_begin(struct str pattern, struct str text)
{
	size_t at;

	if (str_chr(pattern, '*', &at))
		return at >= text.n ? glob_match(str_head(pattern, text.n), text)
				    : glob_match(pattern, text);
	return pattern.n > text.n && glob_match(str_head(pattern, text.n), text);
}

bool
glob_match_comm(struct str pattern, struct str comm)
{
	return glob_match(pattern, comm) || (comm.n == COMM_MAX && may_begin(pattern, comm));
}
