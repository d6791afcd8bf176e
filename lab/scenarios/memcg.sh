# A control group at its limit; a larger process outside it lives.
# memory 384
constraint=memcg
prepare() {
	group web memory.max=48M
	load --comm mysqld --uid 110 --anon 90
	load --comm nginx --cgroup /cg/web --uid 33 --anon 6
	load --comm php-fpm --cgroup /cg/web --uid 33 --go /tmp/go --delay 10 --anon 100
}
pressure() {
	go go
	kills_reach 1 60
}
