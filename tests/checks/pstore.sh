#!/bin/sh
# A dump of the pstore is in as many files as it has parts.  Given in any order they are one
# log: a report that was cut into parts is whole again, and is read once.
set -u
: "${OOMWHY:?the program to test}"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
bad=0

say() {
	echo "wrong: $1"
	bad=$((bad + 1))
}

log=$PWD/fixtures/era/panic-system-wide-5.15/input.log
n=$(wc -l <"$log")
part=$((n / 3))
cd "$dir" || exit 1
# The last part ends without a newline, as the backends leave it; part 1 is the newest.
{ echo "Panic#1 Part3" && sed -n "1,${part}s/^/<4>/p" "$log"; } >dmesg-efi-170000000103001
{ echo "Panic#1 Part2" && sed -n "$((part + 1)),$((2 * part))s/^/<4>/p" "$log"; } >dmesg-efi-170000000102001
{ echo "Panic#1 Part1" && sed -n "$((2 * part + 1)),\$s/^/<4>/p" "$log"; } >newest
printf %s "$(cat newest)" >dmesg-efi-170000000101001
echo "[    1.000000] a: Out of memory" >other.log

facts() {
	"$OOMWHY" parse "$@" | python3 -c '
import json, sys
for line in sys.stdin:
    e = json.loads(line)
    print(e["outcome"], e["completeness"], e["trust"], e["kernel"], len(e["tasks"] or []), e["missing"])'
}

cp "$log" whole.log
want=$(facts whole.log | sed 's/ text / kernel /')
[ -n "$want" ] || say "the log as one file has no event"
for order in "01001 02001 03001" "03001 02001 01001" "02001 03001 01001"; do
	set -- other.log
	for name in $order; do
		set -- "$@" "dmesg-efi-1700000001$name"
	done
	got=$(facts "$@")
	[ "$got" = "$want" ] || say "in the order $order: $got, not $want"
done

got=$("$OOMWHY" explain dmesg-efi-170000000101001 dmesg-efi-170000000102001 \
    dmesg-efi-170000000103001)
case $got in
*"dmesg-efi-170000000101001 (and 2 more)"*) ;;
*) say "the files are not named: $got" ;;
esac

# One of them alone is a part of a log, and says so.
case $(facts dmesg-efi-170000000102001) in
*" full "*) say "a part alone is told as whole" ;;
esac

# One that cannot be read fails alone.
"$OOMWHY" parse missing dmesg-efi-170000000101001 dmesg-efi-170000000102001 \
    dmesg-efi-170000000103001 >out 2>errors
status=$?
[ "$status" -eq 3 ] || say "exit status $status where one source is missing"
[ "$(wc -l <out)" -eq 1 ] || say "the others were not read"
exit $((bad > 0))
