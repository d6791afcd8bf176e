/* What stands beside the events, for who wants to know. */
#include "parse/internal.h"

void
parser_take_notes(struct parser *p, parser_note *note, void *ctx)
{
	p->note = note;
	p->note_ctx = ctx;
}

void
note_tell(struct parser *p, const struct record *r, struct note note)
{
	if (p->note == NULL)
		return;
	note.host = r->host;
	note.boot_id = r->boot_id;
	note.boot = r->boot;
	note.real_us = r->real_us;
	note.mono_us = r->mono_us;
	note.line = r->line;
	p->note(p->note_ctx, &note);
}
