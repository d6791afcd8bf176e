/*
 * The parts of an explanation as one static page.  Private to report/html_*.c and
 * render_html.c.
 *
 * No script, no fonts, nothing loaded: such pages are mailed and attached to tickets.  The words
 * are those of the text report: its functions write to `text`, which escapes what HTML needs.
 */
#ifndef OOMWHY_REPORT_HTML_H
#define OOMWHY_REPORT_HTML_H

#include "report/instant.h"
#include "report/report.h"
#include "report/words.h"

struct html {
	struct report *rep;
	FILE *out;  /* markup */
	FILE *text; /* the same place, with & < > " ' as references */
	unsigned n; /* of the event, from 1: for ids that are unique in the page */
};

/* html_page.c.  NULL in .text: no memory. */
struct html html_open(struct report *);
void html_close(struct html *);
void html_page_begin(struct html *, const char *title);
void html_page_end(struct html *);

/* Log text, escaped for people and for HTML. */
void html_str(struct html *, struct str);
void html_z(struct html *, const char *); /* our own text, or what words_*() gave */
/* <section> with a heading: html_section(h, "why", "Why this process"). */
void html_section(struct html *, const char *id, const char *title);
void html_section_end(struct html *);
/* A table with its caption; the columns are separated by "|", "#" before one: numbers. */
void html_table(struct html *, const char *caption, const char *columns);
void html_table_end(struct html *);
void html_cell(struct html *, const char *words); /* a number or our own text */

/* html_answer.c: what is missing, the answer, when and where. */
void html_answer(struct html *, const struct finding *);
/* html_choice.c: the ranking and who died. */
void html_choice(struct html *, const struct finding *);
/* html_memory.c: the ledger as a bar and a table; zones against their watermarks. */
void html_memory(struct html *, const struct finding *);
/* html_services.c: who held it. */
void html_services(struct html *, const struct finding *);
/* html_advice.c: the diagnoses with what proves them and what to do. */
void html_advice(struct html *, const struct finding *);
/* html_sentences.c: the kills before this one, and what somebody saw who was there. */
void html_trend(struct html *, const struct finding *);
void html_witness(struct html *, const struct finding *);
/* html_lines.c: the lines of the log that tell the story. */
void html_lines(struct html *, const struct finding *);
/* html_incident.c: all events of it on a line of time. */
void html_incident(struct html *, const struct incident *);

#endif
