# vm.oom_kill_allocating_task: who asks dies.
# memory 256
constraint=none
prepare() {
	echo 1 >/proc/sys/vm/oom_kill_allocating_task
	load --comm biggest --uid 1000 --anon 100
	load --comm asker --uid 1001 --delay 10 --workers 6 --go /tmp/go --anon 40
}
pressure() {
	go go
	kills_reach 1 60
}
