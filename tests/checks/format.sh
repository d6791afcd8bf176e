#!/bin/sh
# The formatter decides; its output differs between major versions, so only 14 is asked.
set -u
for tool in clang-format-14 clang-format; do
	case $("$tool" --version 2>/dev/null) in
	*"version 14."*)
		# shellcheck disable=SC2046 # no file of ours has a blank in its name
		exec "$tool" --dry-run -Werror $(find base model ingest parse analyze store system \
		    report cli tests fuzz bench lab -name '*.[ch]')
		;;
	esac
done
echo "skipped: clang-format 14 is not installed"
exit 77
