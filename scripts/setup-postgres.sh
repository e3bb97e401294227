#!/bin/sh
# Finds the server programs of PostgreSQL 14 or newer, or installs them. The
# distribution's own cluster is neither made nor started: Vuoro runs its own.
set -u
cd "$(dirname "$0")/.." || exit 1

# The same places as db/cluster/programs.go.
found() {
	on_path=$(command -v postgres 2>/dev/null)
	[ -n "$on_path" ] && on_path=$(dirname "$(readlink -f "$on_path")")
	for bin in "$on_path" /usr/lib/postgresql/*/bin /usr/local/pgsql/bin "$(pg_config --bindir 2>/dev/null)"; do
		[ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] || continue
		major=$("$bin/postgres" --version | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
		[ "${major:-0}" -ge 14 ] && return 0
	done
	return 1
}

found && exit 0

what="PostgreSQL 14 or newer" again="sh scripts/setup-postgres.sh"

# Only root can set the drop-in that keeps the package from making a cluster:
# with sudo this script starts itself again, else install.sh says what to do.
if ! command -v apt-get >/dev/null 2>&1; then
	exec sh scripts/install.sh "$what" "$again" postgresql
elif [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null && exec sudo -n $again
	exec sh scripts/install.sh "$what" "$again" postgresql
fi

dropins=/etc/postgresql-common/createcluster.d
dropin=$dropins/vuoro-setup.conf
mkdir -p "$dropins" && echo "create_main_cluster = false" >"$dropin" || exit 1
trap 'rm -f "$dropin"' EXIT
trap 'exit 1' HUP INT TERM

sh scripts/install.sh "$what" "$again" postgresql || exit 1
found && exit 0
echo "PostgreSQL 14 or newer: the package 'postgresql' of this system is older; install a newer one, or set DATABASE_URL." >&2
exit 1
