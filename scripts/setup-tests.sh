#!/bin/sh
# Finds or installs what `make test` needs beside Go and PostgreSQL: a C
# compiler (race detector), chromium and Node 18 or newer with e2e's packages
# (browser tests). Goes on after a failure and tells it by its exit code.
# With the argument "packages" it stops before npm, so that root can do its part
# without owning files in the checkout.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

again="sh scripts/setup-tests.sh packages"

has_compiler() {
	echo 'int main(void) { return 0; }' | "${CC:-gcc}" -x c - -o /dev/null 2>/dev/null
}
has_compiler || sh scripts/install.sh "C compiler" "$again" gcc libc6-dev || failed=1

has_chromium() {
	for name in chromium chromium-browser google-chrome; do
		command -v $name >/dev/null 2>&1 && return 0
	done
	return 1
}
has_chromium || sh scripts/install.sh "Chromium" "$again" chromium fonts-dejavu-core || failed=1

has_node() {
	command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null
}
if ! has_node; then
	sh scripts/install.sh "Node.js 18 or newer with npm" "$again" nodejs npm || failed=1
fi

[ "${1:-}" = packages ] && exit $failed

# npm writes its own copy of the lock file last: newer than ours means done.
has_packages() {
	[ e2e/node_modules/.package-lock.json -nt e2e/package-lock.json ] && [ e2e/node_modules/.package-lock.json -nt e2e/package.json ]
}
if ! has_packages; then
	if ! has_node; then
		echo "Node packages of the browser tests: not installed, for Node.js 18 or newer with npm is missing." >&2
		failed=1
	elif ! (cd e2e && npm ci --no-audit --no-fund --loglevel=error); then
		echo "Node packages of the browser tests: npm ci in e2e failed." >&2
		failed=1
	fi
fi

exit $failed
