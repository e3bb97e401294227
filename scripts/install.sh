#!/bin/sh
# Installs Debian packages: sh scripts/install.sh WHAT_FOR COMMAND PACKAGE…
# As root, or with a sudo that asks nothing; otherwise it says in one sentence
# what is missing and that COMMAND installs it.
set -u

what=$1 command=$2
shift 2

if ! command -v apt-get >/dev/null 2>&1; then
	echo "$what: missing, and this system has no apt-get; install it with the system's own package manager." >&2
	exit 1
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		as_root='sudo -n'
	else
		echo "$what: missing, and this user may not install packages; run: sudo $command" >&2
		exit 1
	fi
fi

install() {
	# Standard input is closed so that no package can wait for an answer.
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null
}

echo "$what: installing $*"
# Package lists may be missing or old: refresh them only then.
install "$@" || { $as_root apt-get update -q && install "$@"; }
