#!/bin/sh
# Every diagnosis is described in docs/DIAGNOSES.md, and nothing else is.
set -u
LC_ALL=C
export LC_ALL
rows=$(sed -n 's/.*\.id = "\([a-z0-9-]*\)".*/\1/p' analyze/rule_*.c | sort -u)
# shellcheck disable=SC2016  # backquotes of Markdown
told=$(sed -n 's/^| `\([a-z0-9-]*\)` |.*/\1/p' docs/DIAGNOSES.md | sort)
if [ -z "$rows" ] || [ "$rows" != "$told" ]; then
	echo "the rules of analyze/ and docs/DIAGNOSES.md differ:"
	printf '%s\n' "$rows" >"${TMPDIR:-/tmp}/rows.$$"
	printf '%s\n' "$told" | diff "${TMPDIR:-/tmp}/rows.$$" -
	rm -f "${TMPDIR:-/tmp}/rows.$$"
	exit 1
fi
