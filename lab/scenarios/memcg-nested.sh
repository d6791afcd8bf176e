# The limit that was hit is that of the parent, not of the victim's own group.
# memory 384
constraint=memcg
prepare() {
	group slice memory.max=64M
	group slice/db memory.max=200M
	group slice/web memory.max=200M
	load --comm postgres --cgroup /cg/slice/db --uid 113 --anon 40
	load --comm worker --cgroup /cg/slice/web --uid 33 --go /tmp/go --delay 10 --anon 60
}
pressure() {
	go go
	kills_reach 1 60
}
