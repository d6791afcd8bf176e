# Names that look like the end of a kill line, a terminal's command, or another line.
# memory 384
constraint=memcg
prepare() {
	group box memory.max=64M
	load --comm ') total-vm:1kB' --cgroup /cg/box --go /tmp/go1 --delay 5 --anon 100
	load --comm '\x1b[31mred\x0aline' --cgroup /cg/box --go /tmp/go2 --delay 5 --anon 100
	load --comm '<b>\x22,\xff\xfe' --cgroup /cg/box --go /tmp/go3 --delay 5 --anon 100
}
pressure() {
	go go1
	kills_reach 1 60
	go go2
	kills_reach 2 60
	go go3
	kills_reach 3 60
}
