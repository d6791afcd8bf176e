# oom_score_adj makes a small process the first and the largest the last.
# memory 320
constraint=none
prepare() {
	load --comm postgres --adj -500 --uid 113 --anon 80
	load --comm browser --adj 500 --uid 1000 --anon 20
	load --comm batch --uid 1001 --delay 10 --workers 5 --go /tmp/go --anon 60
}
pressure() {
	go go
	kills_reach 2 60
}
