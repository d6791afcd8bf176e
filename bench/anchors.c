/* The literals the parser has the log searched for, one a line: grep's peers get the same. */
#include "parse/parser.h"

#include <stdio.h>

int
main(void)
{
	size_t n;
	const struct str *list = parser_anchor_list(&n);

	for (size_t i = 0; i < n; i++)
		printf("%.*s\n", STR_ARG(list[i]));
	return 0;
}
