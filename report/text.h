/*
 * The parts of an explanation for a person.  Private to report/text_*.c and the
 * renderers of text.
 *
 * Decoration is plain ASCII: it has to be legible on a serial console too.
 */
#ifndef OOMWHY_REPORT_TEXT_H
#define OOMWHY_REPORT_TEXT_H

#include "report/instant.h"
#include "report/report.h"
#include "report/words.h"

/* text_answer.c: the sentence that answers, and a second one if one is needed. */
void text_answer(struct report *, const struct finding *);
/* text_brief.c: "mysqld (pid 106) killed: the machine ran out of memory". */
void text_brief(FILE *, const struct finding *);
/* text_beside.c: who died with it, and what held more memory than it. */
void text_beside(FILE *, const struct finding *);
/* text_cause.c: "the machine ran out of memory", "its cgroup /x reached its limit of 64 MiB". */
void text_cause(FILE *, const struct finding *);
/* What is missing of a partial report; nothing for a full one. */
void text_missing(struct report *, const struct finding *);
/* text_facts.c: when, where, which kernel, whose memory. */
void text_facts(struct report *, const struct finding *);
/* text_aftermath.c: "mysqld.service failed 0.3 s later and was started again by systemd". */
void text_aftermath(struct report *, const struct finding *);
bool text_has_units(const struct event *);
void text_units(FILE *, const struct event *);
/* text_why.c: the arithmetic of the choice. */
void text_why(struct report *, const struct finding *);
/* text_victims.c: who died, what was freed. */
void text_victims(struct report *, const struct finding *);
/* "mysqld[106]", or the cgroup where a user-space killer names no process; padded. */
void text_victim(FILE *, const struct victim *, int width);
/* text_memory.c: where it was. */
void text_memory(struct report *, const struct finding *);
/* text_services.c: a line for each of them, in kB of total_kb. */
void text_services(struct report *, const struct finding *, int64_t total_kb);
/* A part of a whole with its bar; the line is not ended. */
void text_part(struct report *, int indent, const char *what, int64_t kb, int64_t total_kb);
/* text_change.c: what the rules found, and what to do about it. */
void text_change(struct report *, const struct finding *);
/* The one that says what is really wrong; NULL: none is sure enough. */
const struct diagnosis *text_real_cause(const struct finding *);
/* text_sentences.c: the kills before this one, and what somebody saw who was there. */
void text_trend(struct report *, const struct finding *);
void text_witness(struct report *, const struct finding *);
/* text_verbose.c: everything else that the log said. */
void text_verbose(struct report *, const struct finding *);
/* text_searched.c: what was read; the answer if nothing was found. */
void text_searched(struct report *, const struct digest *);

/* A headline between parts. */
void text_heading(struct report *, const char *title);
/* Who is told about: the victim, or who was chosen in its place; NULL: nobody was killed. */
const struct task *text_subject(const struct finding *, size_t *ret_row);
/* "2026-11-22 22:46:01 UTC" or "8.684 s after boot", or "at an unknown time". */
void text_when(struct report *, int64_t real_us, int64_t mono_us);

#endif
