# Workers that map the same memory: what each holds is held once.
# memory 320
constraint=none
prepare() {
	load --comm postgres --uid 113 --shared 80 --workers 4 --anon 2
	load --comm report --uid 1000 --go /tmp/go --delay 5 --anon 400
}
pressure() {
	go go
	kills_reach 1 60
}
