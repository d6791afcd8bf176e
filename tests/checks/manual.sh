#!/bin/sh
# Manual pages are clean by mandoc's own judgement.
set -u
pages=$(find docs -name '*.[1-8]' 2>/dev/null)
if [ -z "$pages" ]; then
	echo "skipped: no manual pages"
	exit 77
fi
if ! command -v mandoc >/dev/null; then
	echo "skipped: mandoc is not installed"
	exit 77
fi
# shellcheck disable=SC2086 # one word for each page
exec mandoc -Tlint -Wwarning $pages
