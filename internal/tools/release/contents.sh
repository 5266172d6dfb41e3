#!/bin/sh
# Checks names, modes, owners and content of every file in the deb, rpm and apk packages of both architectures, and the
# names of the files in all archives.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
repository=$here/../../..

expect() { # expect FORMAT: print the mode, the owner and the name of all files of a package
	echo '-rwxr-xr-x root/root /usr/bin/ecs-activation'
	for page in "$repository"/docs/man/*.1; do
		echo "-rw-r--r-- root/root /usr/share/man/man1/${page##*/}.gz"
	done
	case $1 in
	deb) zsh=vendor-completions license=/usr/share/doc/ecs-activation/copyright ;;
	*) zsh=site-functions license=/usr/share/licenses/ecs-activation/LICENSE ;;
	esac
	for name in bash-completion/completions/ecs-activation fish/vendor_completions.d/ecs-activation.fish \
		"zsh/$zsh/_ecs-activation" doc/ecs-activation/README.md; do
		echo "-rw-r--r-- root/root /usr/share/$name"
	done
	echo "-rw-r--r-- root/root $license"
	echo "-rw-r--r-- root/root ${license%/*}/THIRD-PARTY-LICENSES"
}

list_deb() { dpkg-deb --fsys-tarfile "$1" | tar -tv | awk '!/^d/ { sub(/^\./, "", $6); print $1, $2, $6 }'; }
list_rpm() { rpm -qlvp --nosignature "$1" | awk '!/^d/ { print $1, $3 "/" $4, $NF }'; }
list_apk() { tar -tvzf "$1" 2>/dev/null | awk '!/^d/ && $6 !~ /^\./ { print $1, $2, "/" $6 }'; }
unpack_deb() { dpkg-deb -x "$1" .; }
unpack_rpm() { rpm2cpio "$1" | cpio -idm --quiet --no-absolute-filenames 2>/dev/null; }
unpack_apk() { tar -xzf "$1" 2>/dev/null; }

check() { # check FORMAT PACKAGE: compare the list with the expected one, and the content with the sources
	expect "$1" | sort >"$tmp/expected"
	"list_$1" "$2" | sort >"$tmp/actual"
	diff "$tmp/expected" "$tmp/actual" || fail "the files of $2"
	rm -rf "$tmp/root" && mkdir "$tmp/root"
	(cd "$tmp/root" && "unpack_$1" "$2")
	case $2 in *amd64*) architecture=amd64_v1 ;; *) architecture=arm64_v8.0 ;; esac
	cmp "$tmp/root/usr/bin/ecs-activation" "$dist/ecs-activation_linux_$architecture/ecs-activation"
	cmp "$tmp/root/usr/share/bash-completion/completions/ecs-activation" "$repository/completions/ecs-activation.bash"
	cmp "$tmp/root/usr/share/fish/vendor_completions.d/ecs-activation.fish" "$repository/completions/ecs-activation.fish"
	cmp "$tmp"/root/usr/share/zsh/*/_ecs-activation "$repository/completions/_ecs-activation"
	for page in "$repository"/docs/man/*.1; do
		gzip -dc "$tmp/root/usr/share/man/man1/${page##*/}.gz" | cmp - "$page"
	done
	echo "ok: ${2##*/}: $(wc -l <"$tmp/actual") files"
}

all() { # all FORMAT PROGRAM...: check all packages of a format with these programs
	format=$1
	shift
	for program; do
		if ! command -v "$program" >/dev/null; then
			echo "skipped: $format: $program is missing"
			return
		fi
	done
	for file in "$dist"/*."$format"; do check "$format" "$file"; done
}

all deb dpkg-deb
all rpm rpm rpm2cpio cpio
all apk tar

for archive in "$dist"/*.tar.gz "$dist"/*.zip; do
	case $archive in
	*.zip) list='unzip -Z1' program=ecs-activation.exe ;;
	*) list='tar -tzf' program=ecs-activation ;;
	esac
	if ! command -v "${list%% *}" >/dev/null; then
		echo "skipped: ${archive##*/}: ${list%% *} is missing"
		continue
	fi
	(cd "$repository" && printf '%s\n' LICENSE README.md THIRD-PARTY-LICENSES completions/* docs/man/*.1 "$program") |
		sort >"$tmp/expected"
	$list "$archive" | sort >"$tmp/actual"
	diff "$tmp/expected" "$tmp/actual" || fail "the files of $archive"
	echo "ok: ${archive##*/}: $(wc -l <"$tmp/actual") files"
done
