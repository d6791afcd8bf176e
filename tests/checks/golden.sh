#!/bin/sh
# Every directory under fixtures/ that holds a log is a test: explain must give its
# expect.text and expect.json, byte for byte.  UPDATE_GOLDEN=1 writes them instead; read
# the difference with git diff.  What varies is fixed: the zone, the year, the path.
set -u
: "${OOMWHY:?the program to test}"
TZ=UTC
export TZ
unset NO_COLOR
bad=0
n=0
here=$PWD
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

# check DIR INPUT FORMAT: run in the directory, so that no path of this machine is told.
check() {
	want=$1/expect.$3
	if ! (cd "$1" && "$OOMWHY" explain --utc --year=2026 --format="$3" "$2") >"$out"; then
		echo "$1/$2: explain --format=$3 failed"
		bad=$((bad + 1))
	elif [ "${UPDATE_GOLDEN:-}" = 1 ]; then
		cmp -s "$out" "$want" || cat "$out" >"$want"
	elif [ ! -f "$want" ]; then
		echo "$want is not there: ./dev golden makes it"
		bad=$((bad + 1))
	elif ! cmp -s "$out" "$want"; then
		echo "$want is not what explain tells of $2:"
		diff "$want" "$out" | cut -c 1-200 | head -n 20
		bad=$((bad + 1))
	fi
}

for dir in $(find fixtures -type d | LC_ALL=C sort); do
	for input in "$dir"/input.* "$dir"/dmesg.txt "$dir"/kmsg.raw "$dir"/console.txt; do
		[ -f "$input" ] || continue
		n=$((n + 1))
		check "$here/$dir" "${input##*/}" text
		check "$here/$dir" "${input##*/}" json
	done
done
echo "$n fixtures, $bad differences"
[ "$n" -gt 0 ] && [ "$bad" -eq 0 ]
