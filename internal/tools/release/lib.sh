# shellcheck shell=sh
# Functions and a temporary folder for the scripts of this folder, which read it with `.` and run with `set -eu`.
tmp=$(mktemp -d)
cleanup() { :; } # a script can replace it
trap 'cleanup; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

skip() { # skip REASON: end the script without a failure
	echo "skipped: $1"
	exit 0
}

need() { # need PROGRAM PACKAGE: skip the script if the program is missing
	command -v "$1" >/dev/null || skip "$1 is missing (Debian package $2)"
}

fail() {
	echo "failed: $1"
	exit 1
}

has() { # has FILE TEXT: the file must contain the text
	grep -qF -- "$2" "$1" || { cat "$1"; fail "no \"$2\" in this output"; }
}
