#!/bin/sh
# Runs the main job in a sandbox of its own, and shows each command with what it prints.
set -eu

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
trap 'exit 1' HUP INT TERM
export XDG_STATE_HOME="$state" ECS_ACTIVATION_SANDBOX=1
PATH=$PWD/bin:$PATH

show() {
	printf '\n$ %s\n' "$*"
	"$@" 2>&1
}

show ecs-activation create --instance-name web --ttl 4h --tag env=prod
show ecs-activation create --instance-name db --instance-count 3
show ecs-activation list

web=$(ecs-activation list -q --instance-name web 2>/dev/null)
db=$(ecs-activation list -q --instance-name db 2>/dev/null)
show ecs-activation disable --yes "$web"
show ecs-activation delete --yes "$db"

code=$(ecs-activation create -q --instance-name edge 2>/dev/null)
edge=$(ecs-activation list -q --instance-name edge 2>/dev/null)
printf '\n# A machine registers with a third code, so that it can no longer be deleted:\n'
show ecs-activation sandbox register "$edge" "$code"
show ecs-activation delete --yes "$edge" || echo "# exit status $?"

show ecs-activation list -o wide
