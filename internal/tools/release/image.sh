#!/bin/sh
# Builds the container image from the Dockerfile, and runs it as its user, with a root file system that is read-only.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
need buildah buildah
need unshare util-linux
[ "$(id -u)" = 0 ] || skip 'this part needs root: it mounts the image'

storage="--root $tmp/storage --runroot $tmp/run --storage-driver vfs"
mkdir -p "$tmp/context/linux/amd64" "$tmp/context/bin/release/stage"
cp "$dist/ecs-activation_linux_amd64_v1/ecs-activation" "$tmp/context/linux/amd64/"
cp "$dist/../release/stage/ca-certificates.crt" "$tmp/context/bin/release/stage/" || skip 'ca-certificates is missing'
# shellcheck disable=SC2086 # several words
cleanup() { buildah $storage umount --all >/dev/null 2>&1 || :; }
# shellcheck disable=SC2086
buildah $storage build --isolation chroot --build-arg TARGETPLATFORM=linux/amd64 -t image -f "$here/Dockerfile" "$tmp/context" \
	>"$tmp/out" 2>&1 || { cat "$tmp/out"; fail 'buildah build'; }
# shellcheck disable=SC2086
container=$(buildah $storage from image)
# shellcheck disable=SC2086
root=$(buildah $storage mount "$container")
# shellcheck disable=SC2086
user=$(buildah $storage inspect --format '{{.OCIv1.Config.User}}' --type image image)
[ "$user" = 65532:65532 ] || fail "the user is \"$user\""
(cd "$root" && find . -type f | sort) >"$tmp/files"
printf './etc/ssl/certs/ca-certificates.crt\n./usr/bin/ecs-activation\n' | diff - "$tmp/files" || fail 'the files of the image'

cat >"$tmp/run.sh" <<'END'
set -eu
chroot=$(command -v chroot)
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
mount -t tmpfs -o mode=1777 tmpfs "$1/state"
run() { env -i HOME=/state XDG_STATE_HOME=/state XDG_CONFIG_HOME=/config ECS_ACTIVATION_SANDBOX=1 \
	"$chroot" --userspec=65532:65532 "$@"; }
! touch "$1/new" 2>/dev/null
run "$1" /usr/bin/ecs-activation create --instance-name web --save /state/web.json
run "$1" /usr/bin/ecs-activation list
run "$1" /usr/bin/ecs-activation bootstrap --from /state/web.json -o command
END
unshare --mount sh "$tmp/run.sh" "$root" >"$tmp/out" 2>&1 || { cat "$tmp/out"; fail 'the program in the image'; }
has "$tmp/out" 'Active  0/10'
has "$tmp/out" 'aliyun-service --register'
# shellcheck disable=SC2086
echo "ok: 2 files, user $user, read-only root, size $(buildah $storage images --format '{{.Size}}' image)"
