# Twenty kills at once: reports are rate-limited, kill lines are not.
# memory 384
constraint=memcg
prepare() {
	for i in 0 1 2 3 4 5 6 7 8 9; do
		group "job$i" memory.max=8M
		load --comm "job-$i" --cgroup "/cg/job$i" --delay 5 --workers 2 --go /tmp/go --anon 40
	done
}
pressure() {
	go go
	kills_reach 20 60
}
