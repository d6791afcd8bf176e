#!/bin/sh
# No source file over 400 lines and no function over 70; the aim is 300 and 60.
# What is mostly rows says so and is let off: a comment with "rows:" just before the
# function, or among the first ten lines of the file.
set -u
status=0
for file in base/*.[ch] model/*.[ch] ingest/*.[ch] parse/*.[ch] analyze/*.[ch] store/*.[ch] system/*.[ch] \
    report/*.[ch] cli/*.[ch] tests/*.[ch] fuzz/*.[ch] bench/*.[ch]; do
	[ -f "$file" ] || continue
	awk -v file="$file" '
		FNR <= 10 && /rows:/ { file_of_rows = 1 }
		/^$/ { rows = 0 }
		/^(\/\*| \*).*rows:/ { rows = 1 }
		/^\{$/ { start = FNR; exempt = rows }
		/^\}$/ && start {
			if (FNR - start - 1 > 70 && !exempt) {
				printf "%s:%d: a function of %d lines\n", file, start, FNR - start - 1
				bad = 1
			}
			start = 0
		}
		END {
			if (FNR > 400 && !file_of_rows) {
				printf "%s: %d lines\n", file, FNR
				bad = 1
			}
			exit bad
		}' "$file" || status=1
done
exit $status
