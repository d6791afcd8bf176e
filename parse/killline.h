/*
 * The lines that name a victim, taken apart.  No events here: pure functions
 * of one line, so that every vendor's variant has its own small test.
 */
#ifndef OOMWHY_PARSE_KILLLINE_H
#define OOMWHY_PARSE_KILLLINE_H

#include "parse/internal.h"

struct kill_line {
	struct str message; /* "Out of memory", empty where the line has none */
	int64_t pid, uid;
	struct str comm;
	int64_t total_vm_kb, anon_rss_kb, file_rss_kb, shmem_rss_kb, pgtables_kb, oom_score_adj;
	int64_t score; /* OpenVZ 6 names it here too */
	bool open;     /* the parenthesis of the comm was not closed: the line goes on */
};

struct chosen_line {
	struct str message, comm;
	int64_t pid, score;
};

struct reaper_line {
	int64_t pid, anon_rss_kb, file_rss_kb, shmem_rss_kb;
	bool failed;
};

/* False, and *ret unspecified, if the line is none (or broken off too early to say). */
bool kill_line_parse(struct str, struct kill_line *ret);
bool chosen_line_parse(struct str, struct chosen_line *ret);
bool reaper_line_parse(struct str, struct reaper_line *ret);
bool sharing_line_parse(struct str, int64_t *ret_pid, struct str *ret_comm);
bool exiting_line_parse(struct str, int64_t *ret_pid, struct str *ret_comm);

#endif
