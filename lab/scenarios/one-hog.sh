# One process grows without end.
# memory 256
constraint=none
prepare() {
	load --comm cron --anon 6
	load --comm nginx --uid 33 --anon 9
	load --comm leak --uid 1000 --go /tmp/go --delay 5 --anon 2000
}
pressure() {
	go go
	kills_reach 1 60
}
