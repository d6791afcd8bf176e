/* The literals the parser has the log searched for, one a line: grep's peers get the same. */
#include "parse/parser.h"

#include <stdio.h>

static void
print(void *ctx, struct str literal)
{
	(void)ctx;
	printf("%.*s\n", STR_ARG(literal));
}

int
main(void)
{
	parser_anchor_each(print, NULL);
	return 0;
}
