# memory.oom.group: all of it dies at once, but for one at -1000.
# memory 384
constraint=memcg
prepare() {
	group pod memory.max=64M memory.oom.group=1
	load --comm sidecar --cgroup /cg/pod --anon 5
	load --comm helper --cgroup /cg/pod --anon 4
	load --comm shielded --adj -1000 --cgroup /cg/pod --anon 3
	load --comm java --cgroup /cg/pod --uid 1000 --go /tmp/go --delay 10 --anon 120
}
pressure() {
	go go
	kills_reach 3 60
}
