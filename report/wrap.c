#include "report/wrap.h"

#include <stdbool.h>
#include <sys/types.h>

enum { WRAP_COLUMNS = 96 };

static int
width(const char *p, size_t n)
{
	int columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)p[i] & 0xc0) != 0x80;
	return columns;
}

static void
put_word(struct wrap *w)
{
	int columns = width(w->word, w->n);

	if (w->n == 0)
		return;
	if (w->at > 0 && w->blanks > 0 && w->at + w->blanks + columns > w->columns) {
		putc('\n', w->out);
		w->at = 0;
	}
	w->at += fprintf(w->out, "%*s", w->at == 0 ? w->indent : w->blanks, "");
	w->blanks = 0;
	fwrite(w->word, 1, w->n, w->out);
	w->at += columns;
	w->n = 0;
}

static ssize_t
wrap_write(void *cookie, const char *buf, size_t n)
{
	struct wrap *w = cookie;

	for (size_t i = 0; i < n; i++) {
		bool ends = buf[i] == ' ' || buf[i] == '\n';

		if (ends || w->n == sizeof(w->word))
			put_word(w);
		if (ends)
			w->blanks++;
		else
			w->word[w->n++] = buf[i];
		if (buf[i] == '\n') {
			putc('\n', w->out);
			w->at = w->blanks = 0;
		}
	}
	return (ssize_t)n;
}

static int
wrap_close(void *cookie)
{
	struct wrap *w = cookie;

	put_word(w);
	if (w->at > 0)
		putc('\n', w->out);
	return 0;
}

FILE *
wrap_open(struct wrap *w, FILE *out, int indent, int columns)
{
	*w = (struct wrap){
		.out = out, .indent = indent, .columns = columns > 0 ? columns : WRAP_COLUMNS
	};
	return fopencookie(
	    w, "w", (cookie_io_functions_t){ .write = wrap_write, .close = wrap_close });
}
