#!/bin/sh
# Uses what `make release-dry` built, in the ways of a user: test.sh FOLDER. The last line is the result.
set -u
here=$(dirname "$0")
[ -d "$1" ] || { echo "release-test: $1 does not exist: run make release-dry first"; exit 1; }
unset ECS_ACTIVATION_SANDBOX_FAULT ECS_ACTIVATION_SANDBOX_LATENCY
failed=
for part in contents deb rpm arm64 image windows; do
	echo "== $part"
	sh "$here/$part.sh" "$1" || failed="$failed $part"
done
if [ -n "$failed" ]; then
	echo "release-test: failed:$failed"
	exit 1
fi
echo "release-test: passed"
