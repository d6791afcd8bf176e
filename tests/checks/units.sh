#!/bin/sh
# The services are hardened as far as what they read allows, and systemd understands them.
set -u
if ! command -v systemd-analyze >/dev/null; then
	echo "systemd-analyze is not here"
	exit 77
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
status=0

# exposure UNIT LIMIT: ten times what systemd-analyze says must not be more
exposure() {
	unit=$dir/oomwhy-$1.service
	# A program that is there: where it is installed says nothing here.
	sed 's,@CMAKE_INSTALL_FULL_BINDIR@/oomwhy,/bin/true,' \
	    "packaging/systemd/oomwhy-$1.service.in" >"$unit"
	told=$(systemd-analyze security --offline=true --no-pager --threshold="$2" "$unit" 2>&1) || {
		echo "$told" | grep -E '✗|→'
		echo "oomwhy-$1.service is more exposed than $2 tenths"
		status=1
	}
	told=$(systemd-analyze verify --man=no "$unit" 2>&1 | grep "oomwhy-$1" |
	    grep -Ev 'SystemCallFilter|user .* not found')
	if [ -n "$told" ]; then
		echo "$told"
		status=1
	fi
}

# What names another is looked at together with it.
cp packaging/systemd/oomwhy-report.timer packaging/systemd/oomwhy-report-failed.service "$dir"
exposure kmsg 15
exposure journal 6
exposure report 6

for unit in oomwhy-report.timer oomwhy-report-failed.service; do
	told=$(SYSTEMD_UNIT_PATH=$dir: systemd-analyze verify --man=no "$dir/$unit" 2>&1 | grep oomwhy-report)
	if [ -n "$told" ]; then
		echo "$told"
		status=1
	fi
done
when=$(sed -n 's/^OnCalendar=//p' packaging/systemd/oomwhy-report.timer)
if ! systemd-analyze calendar "$when" >/dev/null; then
	echo "oomwhy-report.timer: '$when' is no time"
	status=1
fi
# cron has no such tool; five fields and a user in front of our command is what it reads.
if ! grep -qE '^([0-9*/,-]+ ){5}[a-z]+ oomwhy report ' packaging/examples/oomwhy.cron; then
	echo "oomwhy.cron: no line that cron understands"
	status=1
fi
exit $status
