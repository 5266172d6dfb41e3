#!/bin/sh
# Installs the deb, uses it as a user does, and removes it. As root in the system itself, if the package is not installed
# there; otherwise below a temporary folder, with fakeroot.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
need dpkg dpkg
need man man-db
need script bsdutils
[ -e /usr/share/bash-completion/bash_completion ] || skip 'bash-completion is missing (Debian package bash-completion)'

deb=$(echo "$dist"/*_linux_"$(dpkg --print-architecture)".deb)
[ -e "$deb" ] || skip "there is no package for $(dpkg --print-architecture)"
if [ "$(id -u)" = 0 ]; then
	dpkg -s ecs-activation >/dev/null 2>&1 && skip 'ecs-activation is installed already'
	root=
	debian() { dpkg "$@"; }
else
	need fakeroot fakeroot
	root=$tmp/root
	mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
	: >"$root/var/lib/dpkg/status"
	debian() { PATH=$PATH:/usr/sbin:/sbin fakeroot dpkg --root="$root" --log="$tmp/log" --force-not-root "$@"; }
fi
cleanup() { [ -n "${removed-}" ] || debian --purge ecs-activation >/dev/null 2>&1 || :; }

# Some containers exclude manual pages from all packages.
debian --path-include='/usr/share/*' --install "$deb" >"$tmp/dpkg" 2>&1 || { cat "$tmp/dpkg"; fail 'dpkg --install'; }
dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's|^\./\(.*[^/]\)$|'"$root"'/\1|p' >"$tmp/files"
while read -r file; do [ -e "$file" ] || fail "$file was not installed"; done <"$tmp/files"
echo "ok: installed in ${root:-the system}: $(wc -l <"$tmp/files") files"

export HOME="$tmp/home" XDG_STATE_HOME="$tmp/state" ECS_ACTIVATION_SANDBOX=1 PATH="$root/usr/bin:$PATH" LC_ALL=C.UTF-8
export MANPATH="$root/usr/share/man" XDG_DATA_DIRS="$root/usr/share:/usr/share"
mkdir "$HOME"
[ "$(command -v ecs-activation)" = "$root/usr/bin/ecs-activation" ] || fail "another program is used: $(command -v ecs-activation)"

for page in ecs-activation ecs-activation-create ecs-activation-sandbox-serve; do
	[ "$(man -w $page)" = "$root/usr/share/man/man1/$page.1.gz" ] || fail "man -w $page"
done
MANWIDTH=120 man ecs-activation-create >"$tmp/page" 2>"$tmp/warnings"
has "$tmp/page" '--instance-count' # with another width than 80, so that man keeps no copy of the page
[ ! -s "$tmp/warnings" ] || { cat "$tmp/warnings"; fail 'man prints warnings'; }
echo 'ok: man'

ecs-activation create --instance-name web --save "$tmp/web.json" >"$tmp/out" 2>&1
ecs-activation list >"$tmp/out" 2>/dev/null
has "$tmp/out" web
id=$(ecs-activation list -q 2>/dev/null)

# Keys typed in a login shell: TAB completes a command, and then the ID of the only code.
# shellcheck disable=SC2016 # the shell in the terminal expands $PATH
echo 'PATH='"$root/usr/bin"':$PATH PS1="> "' >"$HOME/.bash_profile"
[ ! -e /etc/profile ] || sed -i '1i . /etc/profile' "$HOME/.bash_profile"
{
	sleep 2
	printf 'ecs-activation disa\t--yes \t\r'
	sleep 3
	printf 'exit\r'
} | TERM=dumb SHELL=/bin/bash script -qec 'bash --login -i' /dev/null >"$tmp/terminal" 2>&1
has "$tmp/terminal" "disabled $id"
echo 'ok: TAB in a login bash'

ecs-activation delete --yes "$id" >"$tmp/out" 2>&1
has "$tmp/out" "deleted $id"
[ -z "$(ecs-activation list -q 2>/dev/null)" ] || fail 'a code is left'
echo 'ok: create, list, disable, delete'

debian --purge ecs-activation >"$tmp/dpkg" 2>&1 || { cat "$tmp/dpkg"; fail 'dpkg --purge'; }
removed=yes
while read -r file; do [ ! -e "$file" ] || fail "$file was not removed"; done <"$tmp/files"
echo 'ok: removed'
