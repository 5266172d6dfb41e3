#!/bin/sh
# Runs docs/demo.sh with the program for linux/arm64.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
emulator=
if [ "$(uname -m)" != aarch64 ]; then
	need qemu-aarch64-static qemu-user-static
	emulator=qemu-aarch64-static
fi
mkdir "$tmp/bin"
cat >"$tmp/bin/ecs-activation" <<END
#!/bin/sh
exec $emulator "$dist/ecs-activation_linux_arm64_v8.0/ecs-activation" "\$@"
END
chmod +x "$tmp/bin/ecs-activation"
cd "$tmp"
sh "$here/../../../docs/demo.sh" >"$tmp/out" 2>&1 || { cat "$tmp/out"; fail 'docs/demo.sh'; }
for text in 'disabled ' 'deleted ' 'registered mi-' 'ActivationId.InUse' '# exit status 6' 'Active    1/10'; do
	has "$tmp/out" "$text"
done
echo "ok: docs/demo.sh${emulator:+ with $emulator}: $(wc -l <"$tmp/out") lines"
