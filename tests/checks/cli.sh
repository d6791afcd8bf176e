#!/bin/sh
# The command line: wrong use first, then exit codes, outputs, filters.
set -u
: "${OOMWHY:?the program to test}"
log=$PWD/fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
bad=0
unset NO_COLOR

fail() {
	echo "FAILED: $*"
	bad=$((bad + 1))
}

# run CODE ARGS...: the exit code must be CODE; leaves out and err.
run() {
	want=$1
	shift
	"$OOMWHY" "$@" >out 2>err </dev/null
	got=$?
	[ "$got" -eq "$want" ] || fail "oomwhy $*: exit $got, not $want: $(head -n 2 err)"
}

# has FILE TEXT, hasnt FILE TEXT
has() {
	grep -qF -- "$2" "$1" || fail "no '$2' in $1: $(head -n 3 "$1")"
}
hasnt() {
	! grep -qF -- "$2" "$1" || fail "'$2' in $1"
}
empty() {
	[ ! -s "$1" ] || fail "$1 is not empty: $(head -n 3 "$1")"
}

# Usage errors: exit 2, a hint on stderr, nothing on stdout.
for args in "explain --brief --raw x" "explain --brief --format=json x" "explain --tz=Mars/Base x" \
    "explain --source=nonsense x" "explain --since=2026-02-01 --until=2026-01-01 x" "store prune" \
    "explain --brief --verbose x" "explain --nonsense x" "explain -Z x" "explain --format" \
    "explain --format=nonsense x" "explain --color=blue x" "explain --year=next x" \
    "explain --constraint=all x" "explain --since=soon x" "explain --until=2026-13-01 x" \
    "explain --until=2026-01-01T25:00 x" "explain --host= x" "parse --format=json x" \
    "parse --brief x" "--nonsense"; do
	# shellcheck disable=SC2086
	run 2 $args
	empty out
	has err oomwhy
done

# The help and the version are answers.
run 0 --help
has out explain
run 0 explain --help
has out --constraint=KIND
run 0 parse -h
hasnt out --brief
run 0 --version
grep -Eq '^oomwhy [0-9]+\.[0-9]+\.[0-9]+$' out || fail "version: $(cat out)"

# What cannot be read is named; what can be read is told all the same.
run 1 explain missing
has err missing
mkdir sub
run 1 explain sub
has err sub
run 3 explain missing "$log"
has err missing
has out "mysqld (pid 106) was killed"
: >nothing
run 0 explain nothing
has out "No OOM kill"
has out "nothing: 0 lines"
run 0 parse nothing
empty out
head -c 100000 /dev/urandom >junk
run 0 explain junk
has out "No OOM kill"
printf 'no\nnewline at the end' >short
run 0 short
has out "2 lines"
if [ "$(id -u)" -ne 0 ]; then
	: >secret
	chmod 0 secret
	run 1 secret
	has err secret
fi

# A name that is a terminal's command goes no further than an escape.
run 1 explain "$(printf 'a\033[31mb')"
has err '\x1b[31mb'

# The command's name may be left out; standard input is "-", and what parse reads by itself.
run 0 "$log"
has out "mysqld (pid 106) was killed"
cp out plain
# A short name, so that the line with the name is folded nowhere, wherever this tree lies.
cp "$log" event.log
run 0 event.log
sed 's/^  event.log, lines/  lines/' out >from_file
"$OOMWHY" - <"$log" >out || fail "explain -"
sed 's/^  standard input, lines/  lines/' out >from_stdin
cmp -s from_stdin from_file || fail "standard input is told differently"
"$OOMWHY" parse <"$log" >out || fail "parse of standard input"
[ "$(wc -l <out)" -eq 5 ] || fail "parse told $(wc -l <out) events, not 5"

# Formats.
run 0 --brief "$log"
[ "$(wc -l <out)" -eq 5 ] || fail "brief told $(wc -l <out) events, not 5"
# Six incidents, an hour apart, of five that explain tells: a list leaves none out.
for i in 1 2 3 4 5 6; do
	echo "2026-01-01T0$i:00:00Z h kernel: Out of memory: Killed process $i (a) total-vm:4kB, anon-rss:4kB, file-rss:0kB"
done >six.log
run 0 --brief six.log
[ "$(wc -l <out)" -eq 6 ] || fail "brief told $(wc -l <out) of 6 incidents"
run 0 --raw "$log"
has out "Out of memory: Killed process 106"
run 0 --verbose "$log"
has out sentinel
run 0 --all "$log"
[ "$(grep -c 'was killed because' out)" -eq 5 ] || fail "--all did not tell five"
run 0 --facts "$log"
hasnt out WHY
run 0 explain -f json "$log"
has out '"schema":"oomwhy.explain/1"'

# Colour: not in a pipe, unless asked for.
hasnt plain "$(printf '\033')"
run 0 --color=always "$log"
has out "$(printf '\033')"

# Filters.
run 0 --brief --victim=mysqld "$log"
[ "$(wc -l <out)" -eq 1 ] || fail "--victim told $(wc -l <out) events"
run 0 --victim=nobody "$log"
has out "None of the 5 OOM events"
run 0 --constraint=memcg "$log"
has out "None of the 5"
run 0 --since=yesterday "$log"
has out "None of the 5"
stamped() {
	printf '2026-03-01T%s+00:00 web1 kernel: Out of memory: Killed process %s (%s) ' "$1" "$2" "$3"
	printf 'total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB '
	printf 'oom_score_adj:0\n'
}
{ stamped 10:00:00 1 early && stamped 12:00:00 2 late; } >two
run 0 --brief --utc --since='2026-03-01 11:00' two
has out late
hasnt out early
run 0 --brief --until=2026-03-01T10:00:00Z two
has out early
hasnt out late
run 0 --brief --tz=Europe/Berlin --until='2026-03-01 11:00' two
has out early
hasnt out late
run 0 --brief --host=web1 two
has out late
run 0 --brief --host=web2 two
has out "None of the 2"

# --output: all of it or nothing, and no trace of a failure.
echo old >answer
run 0 --output=answer "$log"
cmp -s answer plain || fail "--output wrote something else"
empty out
echo old >answer
run 1 --output=answer missing
[ "$(cat answer)" = old ] || fail "--output replaced a file though nothing could be read"
run 1 --output=sub/none/answer "$log"
[ "$(find . -name 'answer.*' | wc -l)" -eq 0 ] || fail "a temporary file was left"
ln -s answer link
run 0 --output=link "$log"
[ -L link ] || fail "--output replaced a link"
cmp -s answer plain || fail "--output did not follow a link"

# --service and --rules: names of services, those of the user first.
run 2 explain --rules=missing "$log"
has err "missing: cannot be opened"
printf '# ours\n\nshop\n' >wrong.conf
run 2 explain --rules=wrong.conf "$log"
has err "wrong.conf:3: no '='"
run 0 parse --service=MySQL "$log"
[ "$(wc -l <out)" -eq 1 ] || fail "--service=MySQL: $(wc -l <out) events, not 1"
run 0 parse --service=nothing "$log"
empty out
echo 'shop = mysqld | apache*' >shop.conf
run 0 parse --rules=shop.conf --service=shop "$log"
[ "$(wc -l <out)" -eq 5 ] || fail "--service=shop: $(wc -l <out) events, not 5"
has out '"service":"shop"'
run 0 explain --rules=shop.conf "$log"
has out "shop (mysqld) x 22"

# An output that fails is a failure; one that is closed early is none to talk about.
"$OOMWHY" "$log" >/dev/full 2>err && fail "/dev/full took it"
has err "cannot write"
"$OOMWHY" "$log" >&- 2>err && fail "a closed stdout took it"
has err "cannot write"
"$OOMWHY" --all --verbose "$log" 2>err | head -n 1 >out
empty err

[ "$bad" -eq 0 ]
