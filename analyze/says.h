/*
 * The sentence of each rule, for the person who asks why this process died.
 * Names are as the log has them: renderers escape.
 */
#ifndef OOMWHY_ANALYZE_SAYS_H
#define OOMWHY_ANALYZE_SAYS_H

#include "analyze/decide.h"

/* Of the rules about the ranking. */
struct str says_badness(const struct inquiry *);
struct str says_tie(const struct inquiry *);
struct str says_tie_unordered(const struct inquiry *);
struct str says_twin(const struct inquiry *);
struct str says_moved(const struct inquiry *);
struct str says_hidden(const struct inquiry *);
struct str says_hidden_unknown(const struct inquiry *);
struct str says_root(const struct inquiry *);
struct str says_total_bound(const struct inquiry *);
struct str says_total_unknown(const struct inquiry *);
struct str says_fork(const struct inquiry *);
struct str says_origin(const struct inquiry *);
struct str says_missing_beats(const struct inquiry *);
struct str says_missing(const struct inquiry *);
struct str says_unexplained(const struct inquiry *);

/* Of the rules about everything else. */
struct str says_userspace(const struct inquiry *);
struct str says_panic(const struct inquiry *);
struct str says_none_killable(const struct inquiry *);
struct str says_nobody(const struct inquiry *);
struct str says_unfinished(const struct inquiry *);
struct str says_asker(const struct inquiry *);
struct str says_constraint(const struct inquiry *);
struct str says_not_recomputable(const struct inquiry *);
struct str says_kill_only(const struct inquiry *);
struct str says_no_table(const struct inquiry *);
struct str says_sysrq(const struct inquiry *);
struct str says_group(const struct inquiry *);
struct str says_child(const struct inquiry *);
struct str says_ground(const struct inquiry *);

/* "mysqld (pid 106)" */
struct str name_text(struct arena *, struct str comm, int64_t pid);
/* A sentence that begins with a name; name.p may be NULL. */
struct str with_name(struct arena *, struct str name, const char *rest);
/* "4.0 KiB", "90.8 MiB", "7.6 GiB"; bytes >= 0 */
struct str size_text(struct arena *, int64_t bytes);
/* "23251 pages (90.8 MiB)" */
struct str pages_text(const struct inquiry *, int64_t pages);
/* The same of a row's badness, or "493 of 1000" */
struct str badness_text(const struct inquiry *, size_t row);

#endif
