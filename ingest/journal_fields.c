#include "ingest/journal_fields.h"

void
journal_fields_begin(struct journal_fields *f)
{
	f->text.n = 0;
	for (int i = 0; i < JOURNAL_FIELDS; i++)
		f->of[i].known = false;
}

int
journal_fields_add(struct journal_fields *f, struct str value, struct err *err)
{
	struct str name;
	int field, rc;

	if (!str_cut(&value, STR("="), &name) || (field = journal_field(name)) < 0 ||
	    f->of[field].known)
		return 0;
	f->of[field].at = f->text.n;
	rc = entry_add(&f->text, str_head(value, ENTRY_TEXT), err);
	f->of[field].n = f->text.n - f->of[field].at;
	f->of[field].known = rc == 0;
	return rc;
}

void
journal_fields_get(const struct journal_fields *f, struct str ret[static JOURNAL_FIELDS])
{
	for (int i = 0; i < JOURNAL_FIELDS; i++)
		ret[i] =
		    f->of[i].known ? (struct str){ f->text.p + f->of[i].at, f->of[i].n } : STR_NONE;
}
