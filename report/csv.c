#include "report/csv.h"

#include "base/escape.h"

#include <string.h>

/* A spreadsheet computes what begins so: an apostrophe in front keeps it text (OWASP).
 * One that is there already gets another, so that it can be undone. */
void
csv_put(FILE *out, struct str s)
{
	putc('"', out);
	if (s.n > 0 && strchr("=+-@'", *s.p) != NULL)
		putc('\'', out);
	for (size_t at; s.n > 0; s = str_from_at(s, at)) {
		if (!str_chr(s, '"', &at))
			at = s.n;
		str_put_escaped(out, str_head(s, at));
		if (at < s.n) {
			fputs("\"\"", out);
			at++;
		}
	}
	putc('"', out);
}
