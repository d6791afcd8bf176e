# What scenarios are made of.  A scenario sets `constraint` and defines prepare() (start the loads,
# those that will cause the shortage waiting for a --go file) and pressure() (let them go, wait for
# the kills).

mkdir -p /out/before /out/after
mkfifo /tmp/never
exec 9<>/tmp/never

# Seconds; without a process of its own, which could not be had in a shortage.
pause() {
	read -r -t "$1" _ <&9
}

note() {
	printf '%s\t%s\n' "$1" "$2" >>/out/notes.tsv
}

go() {
	: >"/tmp/$1"
}

group() { # NAME FILE=VALUE...: a control group
	mkdir -p "/cg/$1"
	echo +memory >"/cg/$(dirname "$1")/cgroup.subtree_control" 2>/dev/null
	directory=/cg/$1
	shift
	for setting; do
		echo "${setting#*=}" >"$directory/${setting%%=*}"
	done
}

# The load, with the oom_score_adj of the kernel command line (oom.adj=NAME:N) where it has one.
load() {
	set -- "$@"
	for word in $(cat /proc/cmdline); do
		case $word in
		oom.adj=*)
			word=${word#oom.adj=}
			case " $* " in
			*" --comm ${word%:*} "*) set -- --adj "${word##*:}" "$@" ;;
			esac
			;;
		esac
	done
	/lab/load "$@" &
}

kills() {
	while read -r key value; do
		[ "$key" = oom_kill ] && echo "$value" && return
	done </proc/vmstat
}

kills_reach() { # NUMBER SECONDS
	waited=0
	until [ "$(kills)" -ge "$1" ] || [ "$waited" -ge "$2" ]; do
		pause 1
		waited=$((waited + 1))
	done
	pause 1
}

trace_on() {
	tracing=/sys/kernel/tracing
	echo mono >$tracing/trace_clock
	echo 64 >$tracing/buffer_size_kb
	echo 1 >$tracing/events/oom/mark_victim/enable
	echo 'sig==9' >$tracing/events/signal/signal_generate/filter
	echo 1 >$tracing/events/signal/signal_generate/enable
}

scores() {
	for directory in /proc/[0-9]*; do
		printf '%s\t%s\n' "${directory#/proc/}" "$(cat "$directory/oom_score")"
	done
}

# What oomwhy says of this machine between twice what its kernel says.
predict() {
	scores >/out/scores-before.tsv
	oomwhy next --format=json >/out/next.json 2>/out/next.err
	scores >/out/scores-after.tsv
}

start_oomwhy() {
	mkdir /out/db
	(
		echo -1000 >/proc/self/oom_score_adj
		exec oomwhy ingest --follow --db=/out/db/oomwhy.db kmsg: >/out/oomwhy.out 2>/out/oomwhy.err
	) &
	oomwhy=$!
	(
		echo -1000 >/proc/self/oom_score_adj
		exec witness /out /out/db/oomwhy.db 2>/out/witness.err
	) &
	witness=$!
	pause 3
	grep -E 'VmRSS|VmHWM|ctxt' /proc/$oomwhy/status >/out/before/follower
	dmesg >/dev/null # a reader beside it changes nothing
}

stop_oomwhy() {
	grep -E 'VmRSS|VmHWM|ctxt' /proc/$oomwhy/status >/out/after/follower
	kill -TERM $oomwhy
	wait $oomwhy
	note oomwhy_status $?
	kill -TERM $witness
	wait $witness
}

hand_out() {
	stty -F /dev/ttyS1 raw -echo 2>/dev/null
	tar -c -C /out . | gzip -1 >/dev/ttyS1
}
