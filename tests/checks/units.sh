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

exposure kmsg 15
exposure journal 6
exit $status
