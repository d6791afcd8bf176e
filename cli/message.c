#include "cli/message.h"

#include "base/escape.h"

#include <stdarg.h>

void
message(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fputs("oomwhy: ", stderr);
	str_put_escaped(stderr, str_from(text));
	putc('\n', stderr);
}
