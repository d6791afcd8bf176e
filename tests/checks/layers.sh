#!/bin/sh
# A layer includes only those below it, and each library has one or two users.
set -u
status=0

# allow LAYER "FOLDERS" "LIBRARIES"
allow() {
	[ -d "$1" ] || return 0
	bad=$(grep -n '^[[:space:]]*#[[:space:]]*include "' "$1"/*.[ch] 2>/dev/null |
	    grep -Ev "include \"($2)/")
	if [ -n "$bad" ]; then
		echo "$1/ may include only $2:"
		echo "$bad"
		status=1
	fi
	bad=$(grep -nE '^[[:space:]]*#[[:space:]]*include <(jansson|archive|archive_entry|sqlite3|zstd|zlib|lzma|bzlib|lz4frame|systemd/[a-z-]*)\.h>' \
	    "$1"/*.[ch] 2>/dev/null | grep -Ev "include <($3)")
	if [ -n "$bad" ]; then
		echo "$1/ may use of the libraries only: ${3:-none}"
		echo "$bad"
		status=1
	fi
}

none='[.]none'
allow base "base" "$none"
allow model "base|model" "$none"
allow ingest "base|model|ingest" "jansson|archive|zstd|zlib|lzma|bzlib|lz4frame|systemd"
allow parse "base|model|parse" "$none"
allow analyze "base|model|analyze" "$none"
allow store "base|model|store" "sqlite3|zstd"
allow report "base|model|analyze|report" "jansson"
allow system "base|model|system" "$none"
allow cli "base|model|ingest|parse|analyze|store|system|report|cli" "jansson"
exit $status
