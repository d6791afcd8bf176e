/*
 * Lines made whole: a line that may go on in the next record is held until that
 * one is seen; indents and non-breaking spaces of pasted text are taken out.
 */
#include "parse/internal.h"

#include <string.h>

/* Copy the record: its slices die with the next call of source_next(). */
bool
hold(struct stream *s, const struct record *r, const struct shape *shape)
{
	struct held *h = &s->held;
	struct str text = r->text, raw = r->raw;

	if (text.n > MAX_HELD || raw.n > MAX_HELD || r->ident.n > sizeof(h->ident))
		return false;
	h->rec = *r;
	memcpy(h->raw, raw.p, raw.n);
	h->rec.raw = (struct str){ h->raw, raw.n };
	if (text.p >= raw.p && text.p + text.n <= raw.p + raw.n) {
		h->rec.text = (struct str){ h->raw + (text.p - raw.p), text.n };
	} else {
		memcpy(h->text, text.p, text.n);
		h->rec.text = (struct str){ h->text, text.n };
	}
	if (r->ident.p != NULL) {
		memcpy(h->ident, r->ident.p, r->ident.n);
		h->rec.ident = (struct str){ h->ident, r->ident.n };
	}
	/* The stream has the same host, boot and caller for good. */
	h->rec.host = r->host.p == NULL ? STR_NONE : str_from(s->host);
	h->rec.boot_id = r->boot_id.p == NULL ? STR_NONE : str_from(s->boot_id);
	h->rec.caller = r->caller.p == NULL ? STR_NONE : str_from(s->caller);
	h->text_n = text.n;
	h->shape = shape;
	h->section = s->section;
	return true;
}

void
append_held(const struct shape_index *shapes, struct stream *s, struct str text, const char *glue)
{
	struct held *h = &s->held;
	const struct shape *whole;
	size_t n = strlen(glue);

	if (h->rec.text.p != h->text)
		memcpy(h->text, h->rec.text.p, h->rec.text.n);
	h->rec.text.p = h->text;
	memcpy(h->text + h->text_n, glue, n);
	memcpy(h->text + h->text_n + n, text.p, text.n);
	h->text_n += n + text.n;
	h->rec.text.n = h->text_n;
	/* "Out of memory: Killed" alone was only the promise of a kill line. */
	if ((whole = shape_next(shapes, NULL, h->rec.text, s->section)) != NULL)
		h->shape = whole;
}

/* Quotes and lists indent whole lines; behind a prefix every blank is the kernel's. */
struct record
without_indent(const struct record *r)
{
	struct record bare = *r;

	if (r->bare && !r->fragment)
		str_eat_blanks(&bare.text);
	return bare;
}

/*
 * Web pages and mailers make non-breaking spaces (C2 A0, or A0 in Latin-1) of the
 * blanks that align a table.  Only where the line is not understood as it stands:
 * a name may hold the same bytes.
 */
bool
without_hard_blanks(struct parser *p, struct str text, struct str *ret)
{
	size_t n = 0, at;

	if (text.n > sizeof(p->scratch) || !str_chr(text, '\xa0', &at))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\xc2' && i + 1 < text.n && text.p[i + 1] == '\xa0')
			continue;
		p->scratch[n++] = text.p[i] == '\xa0' ? ' ' : text.p[i];
	}
	*ret = (struct str){ p->scratch, n };
	return true;
}

/* The first row for the line; its text is mended if only that makes sense of it. */
const struct shape *
find_shape(struct parser *p, struct stream *s, struct record *r)
{
	const struct shape *shape = shape_next(&p->shapes, NULL, r->text, s->section), *mended;
	struct str text;
	size_t at;

	/* Lines that hold a name are those that may be broken. */
	if (shape != NULL && shape->may_break &&
	    (shape->take != take_row || !str_chr(r->text, '\xa0', &at) ||
		row_complete(&s->columns, r->text)))
		return shape;
	if (without_hard_blanks(p, r->text, &text)) {
		text = s->section == SECTION_NONE || r->bare ? str_trim(text) : text;
		mended = shape_next(&p->shapes, NULL, text, s->section);
		if (mended != NULL) {
			r->text = text;
			s->hard_blanks = true;
			return mended;
		}
	}
	if (shape != NULL)
		return shape;
	if (str_starts(r->text, STR(" "))) { /* typed or pasted with blanks */
		text = str_trim(r->text);
		if ((shape = shape_next(&p->shapes, NULL, text, s->section)) != NULL)
			r->text = text;
	}
	return shape;
}
