#!/bin/sh
# Runs the program for windows/amd64 with wine: paths with blanks and drive letters, files, a killed create, completion.
set -eu
dist=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=internal/tools/release/lib.sh
. "$here/lib.sh"
need wine wine
need mkfifo coreutils
export HOME="$tmp/home" WINEPREFIX="$tmp/wine" WINEDEBUG=-all WINEDLLOVERRIDES='bcryptprimitives=n,b;mscoree,mshtml='
unset DISPLAY
cleanup() { wineserver -k 2>/dev/null || :; }
mkdir "$HOME"
wine wineboot --init >/dev/null 2>&1 || fail 'wine wineboot'
drive=$WINEPREFIX/drive_c
if [ ! -e "$drive/windows/system32/bcryptprimitives.dll" ]; then
	need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64
	x86_64-w64-mingw32-gcc -shared -s -o "$drive/windows/system32/bcryptprimitives.dll" \
		"$here/wine/bcryptprimitives.c" -ladvapi32
fi
mkdir "$drive/my codes"
cp "$dist/ecs-activation_windows_amd64_v1/ecs-activation.exe" "$drive/my codes/"
cd "$drive"

# Through a pipe, because wine cannot describe a file that a Unix shell opened as the output.
run() { timeout 60 wine 'my codes/ecs-activation.exe' --sandbox "$@" 2>"$tmp/err" | cat; }

run version >"$tmp/out"
has "$tmp/out" 'ecs-activation version'

run create --instance-name web --save 'C:\my codes\web 1.json' >"$tmp/out"
has "$tmp/out" 'ActivationId'
has "$drive/my codes/web 1.json" '"ActivationCode"'
run bootstrap --from 'C:\my codes\web 1.json' -o powershell >"$tmp/out"
has "$tmp/out" 'ActivationCode'
(cd 'my codes' && timeout 60 wine ecs-activation.exe --sandbox create --instance-name relative --save 'sub 1.json' 2>"$tmp/err" | cat) >"$tmp/out"
has "$drive/my codes/sub 1.json" '"ActivationCode"'
echo 'ok: create --save with blanks and a drive letter, bootstrap --from'

printf '"C:\\my codes\\ecs-activation.exe" --sandbox create --instance-name batch > "C:\\my codes\\out.txt"\r\n' >'my codes/run.bat'
timeout 60 wine cmd /c 'C:\my codes\run.bat' >/dev/null 2>&1 || fail 'create in a batch file'
has 'my codes/out.txt' 'ActivationCode'
run list >"$tmp/out"
for name in web relative batch; do has "$tmp/out" " $name "; done
echo 'ok: output redirected by cmd, list'

run ensure --instance-name ensured --save 'C:\my codes\ensured.json' -q >"$tmp/first"
run ensure --instance-name ensured --save 'C:\my codes\ensured.json' -q >"$tmp/second"
[ -s "$tmp/first" ] || fail 'ensure printed no code'
cmp "$tmp/first" "$tmp/second"
echo 'ok: ensure'

# The sandbox answers after a minute; the process is killed before that.
mkfifo "$tmp/pipe"
cat "$tmp/pipe" >"$tmp/out" &
ECS_ACTIVATION_SANDBOX_LATENCY=1m wine 'my codes/ecs-activation.exe' --sandbox create --instance-name killed \
	--save 'C:\my codes\killed.json' >"$tmp/pipe" 2>"$tmp/err" &
process=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 1
	run recover >"$tmp/records"
	! grep -q ' running .* killed ' "$tmp/records" || break
done
kill -KILL $process
wait $process 2>/dev/null && fail 'the process was not killed'
run recover >"$tmp/out"
has "$tmp/out" ' uncertain '
[ ! -e 'my codes/killed.json' ] || fail 'the file exists although there was no answer'
run recover --last >"$tmp/out"
has 'my codes/killed.json' '"ActivationCode"'
run list -q --instance-name killed >"$tmp/out"
[ "$(wc -l <"$tmp/out")" = 1 ] || { cat "$tmp/out"; fail 'not exactly one code'; }
echo 'ok: a create is killed, recover saves its code, there is exactly one'

run completion powershell >"$tmp/out"
has "$tmp/out" 'Register-ArgumentCompleter'
run __complete show '' >"$tmp/out"
[ "$(grep -c '^[0-9A-F-]\{36\}' "$tmp/out")" = 5 ] || { cat "$tmp/out"; fail 'not 5 IDs are offered'; }
echo 'ok: completion powershell, and the IDs it offers'
