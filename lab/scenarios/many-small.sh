# The one that is largest dies; many small ones together hold more.
# memory 320
constraint=none
prepare() {
	load --comm mysqld --uid 110 --anon 90
	load --comm sshd --adj -1000 --anon 3
	load --comm apache2 --uid 33 --delay 20 --workers 24 --go /tmp/go --anon 15
}
pressure() {
	go go
	kills_reach 1 60
}
