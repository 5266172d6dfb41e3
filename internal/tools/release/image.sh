#!/bin/sh
# Builds the container image from the Dockerfile, and runs it as its user, with a root file system that is read-only.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
need buildah buildah
need unshare util-linux
[ "$(uname -m)" = x86_64 ] || skip 'this part runs the image for amd64'
[ "$(id -u)" = 0 ] || skip 'this part needs root: it mounts the image'

images() { buildah --root "$tmp/storage" --runroot "$tmp/run" --storage-driver vfs "$@"; }
cleanup() { images umount --all >/dev/null 2>&1 || :; }

umask 077 # the image must not depend on it
mkdir -p "$tmp/context/linux/amd64" "$tmp/context/bin/release/stage/state"
cat "$dist/ecs-activation_linux_amd64_v1/ecs-activation" >"$tmp/context/linux/amd64/ecs-activation"
cp "$dist/../release/stage/ca-certificates.crt" "$tmp/context/bin/release/stage/" || skip 'ca-certificates is missing'
images build --isolation chroot --build-arg TARGETPLATFORM=linux/amd64 -t image -f "$here/Dockerfile" "$tmp/context" \
	>"$tmp/out" 2>&1 || { cat "$tmp/out"; fail 'buildah build'; }
container=$(images from image)
root=$(images mount "$container")
user=$(images inspect --format '{{.OCIv1.Config.User}}' --type image image)
[ "$user" = 65532:65532 ] || fail "the user is \"$user\""
(cd "$root" && find . -type f | sort) >"$tmp/files"
printf './etc/ssl/certs/ca-certificates.crt\n./usr/bin/ecs-activation\n' | diff - "$tmp/files" || fail 'the files of the image'
[ "$(stat -c %u:%g "$root/state")" = 65532:65532 ] || fail "the owner of /state is $(stat -c %u:%g "$root/state")"

cat >"$tmp/run.sh" <<'END'
set -eu
chroot=$(command -v chroot)
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
mount -t tmpfs -o mode=700,uid=65532,gid=65532 tmpfs "$1/state"
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
echo "ok: 2 files, user $user, read-only root, size $(images images --format '{{.Size}}' image)"
