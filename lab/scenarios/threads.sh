# A thread asks, its process dies.
# memory 256
constraint=none
prepare() {
	load --comm mysqld --uid 110 --anon 60
	load --comm java --uid 1000 --thread pool-1-thread-9 --go /tmp/go --delay 5 --anon 2000
}
pressure() {
	go go
	kills_reach 1 60
}
