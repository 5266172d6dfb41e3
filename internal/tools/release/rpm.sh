#!/bin/sh
# Installs the rpm below a temporary folder, lets rpm compare every file with its database, and removes it.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
need rpm rpm
[ "$(uname -m)" = x86_64 ] || skip 'this part runs the program for amd64'
[ "$(id -u)" = 0 ] || skip 'this part needs root, because rpm changes its root folder'

packages() { rpm --root "$tmp/root" "$@" 2>"$tmp/err" || { cat "$tmp/err"; fail "rpm $1"; }; }
mkdir "$tmp/root"
packages --initdb
packages --install --nosignature "$dist"/*_linux_amd64.rpm
packages --verify ecs-activation
"$tmp/root/usr/bin/ecs-activation" version >/dev/null
packages --erase ecs-activation
left=$(find "$tmp/root" -name '*ecs-activation*')
[ -z "$left" ] || fail "not removed: $left"
echo 'ok: installed, verified, removed'
