#!/bin/sh
# Registers this machine with Alibaba Cloud as a managed instance: installs the Cloud Assistant
# agent if it is missing, registers, and checks the result. It does not change a machine that is
# already registered, so it can be run again. It needs root or sudo. To install the agent it also
# needs curl or wget, and dpkg, rpm, or unzip with bash.
#
# This file contains the activation code. While the agent registers, the code is also visible in the
# list of processes, and it stays in the agent's log, because the agent only accepts it as an argument.
set -eu

agent_home=/usr/local/share/aliyun-assist
download_host=https://aliyun-client-assist.oss-accelerate.aliyuncs.com
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin

main() {
	refuse_sandbox_code
	has aliyun-service || check_platform
	need_root
	if registered; then
		say "this machine is already registered as $(instance_id)"
		return
	fi
	proxy=${proxy:-${ALIYUN_ASSIST_PROXY:-${https_proxy:-${HTTPS_PROXY:-}}}}
	if [ -n "$proxy" ]; then
		export http_proxy="$proxy" https_proxy="$proxy"
	fi
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	has aliyun-service || install_agent
	register "$@"
}

say() { printf 'register: %s\n' "$*"; }

fail() {
	printf 'register: error: %s\n' "$*" >&2
	exit 1
}

# refuse_sandbox_code fails for a code of the sandbox, which is a simulator, before anything is changed.
# ALIYUN_ASSIST_SERVER_HOST, which "sandbox serve --tls" prints, directs the agent to the sandbox.
refuse_sandbox_code() {
	case $code in a-sandbox*) ;; *) return ;; esac
	[ -n "${ALIYUN_ASSIST_SERVER_HOST:-}" ] ||
		fail 'this code is from the sandbox of ecs-activation and works only there; nothing was changed. Create a code without --sandbox'
}

warn() { printf 'register: warning: %s\n' "$*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

# check_platform fails on a system that cannot run the agent. REGISTER_ANY_SYSTEM=1 makes it a warning.
check_platform() {
	platform="$(uname -s) $(uname -m)"
	case $platform in
	Linux\ i?86) ;; # the packages for x86 contain a 64-bit agent
	Linux\ *) return ;;
	esac
	if [ "${REGISTER_ANY_SYSTEM:-}" = 1 ]; then
		warn "the agent cannot run on $platform"
	else
		fail "the agent cannot run on $platform; nothing was changed. Documented systems: $documented. To try it nevertheless, set REGISTER_ANY_SYSTEM=1"
	fi
}

# check_distribution prints a warning if the distribution or its version is not documented. The list of
# the documentation may be older than the system, so it is no error.
check_distribution() {
	listed && return
	name=$(distribution 2>/dev/null) || true
	warn "${name:-this Linux system} is not a documented system for the agent. Documented systems: $documented"
}

# listed reports whether the distribution is documented. The parentheses keep the variables of
# /etc/os-release out of the rest of the script.
listed() (
	identify
	for entry in $distributions; do
		[ "${entry%:*}" = "$ID" ] || continue
		[ "${entry#*:}" -eq 0 ] || [ "${VERSION_ID%%.*}" -ge "${entry#*:}" ] 2>/dev/null
		exit
	done
	exit 1
)

# distribution prints the name of the distribution, or nothing.
distribution() (
	identify
	printf '%s' "$PRETTY_NAME" | tr -d '\000-\037\177'
)

# identify sets the variables of /etc/os-release. Systems that are older than this file have another one,
# with a line such as "CentOS release 6.10 (Final)" or "SUSE Linux Enterprise Server 11 (x86_64)".
identify() {
	ID='' VERSION_ID='' PRETTY_NAME=''
	if [ -r /etc/os-release ]; then
		# shellcheck disable=SC1091 # the file belongs to the machine
		. /etc/os-release
		return
	fi
	for release in /etc/redhat-release /etc/SuSE-release; do
		[ -r "$release" ] || continue
		IFS= read -r PRETTY_NAME <"$release" || true
		case $PRETTY_NAME in
		CentOS*) ID=centos ;;
		'Red Hat'*) ID=rhel ;;
		openSUSE*) ID=opensuse ;;
		SUSE*) ID=sles ;;
		esac
		VERSION_ID=${PRETTY_NAME%% (*}
		VERSION_ID=${VERSION_ID%%.*}
		VERSION_ID=${VERSION_ID##*[!0-9]}
		return
	done
}

need_root() {
	if [ "$(id -u)" -ne 0 ]; then
		has sudo || fail 'root is required: run this script as root, or install sudo'
		sudo true || fail 'root is required, and sudo failed'
	fi
}

root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# attempt TIMES SECONDS COMMAND...: runs a command until it succeeds, with pauses in between.
attempt() {
	left=$1 pause=$2
	shift 2
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep "$pause"
	done
}

instance_id() { root cat "$agent_home/hybrid/instance-id" 2>/dev/null || true; }

registered() { [ -n "$(instance_id)" ]; }

install_agent() {
	check_distribution
	choose_package
	file=$folder/${package##*/}
	say "installing the agent: $download_host/$package"
	attempt 3 5 download || fail "cannot download the agent from $download_host/$package"
	case $tool in
	dpkg) attempt 6 10 root dpkg -i "$file" ;; # at the first boot another process often holds the lock
	rpm) root rpm -ivh --force "$file" ;;
	unzip) unpack ;;
	esac || fail "cannot install the agent with $tool"
	has aliyun-service || fail "$package was installed, but aliyun-service was not found"
}

choose_package() {
	case $(uname -m) in
	x86_64 | amd64 | i?86) arch=x86 ;;
	aarch64 | arm64) arch=arm ;;
	*) fail "no agent is available for this architecture: $(uname -m)" ;;
	esac
	if has dpkg; then
		tool=dpkg
	elif has rpm; then
		tool=rpm
	else
		tool=unzip
		if ! has unzip || ! has bash; then fail 'dpkg, rpm, or unzip with bash is required to install the agent'; fi
	fi
	case $tool-$arch in
	dpkg-x86) package=linux/aliyun_assist_latest.deb ;;
	dpkg-arm) package=arm/aliyun-assist_latest-1_arm64.deb ;;
	rpm-x86) if suse16; then package=linux/aliyun_assist_latest_x86_64.rpm; else package=linux/aliyun_assist_latest.rpm; fi ;;
	rpm-arm) package=arm/aliyun-assist-latest-1.aarch64.rpm ;;
	unzip-x86) package=linux/aliyun_assist_latest_update.zip ;;
	unzip-arm) package=arm/aliyun_assist_latest_update_arm.zip ;;
	esac
}

suse16() (
	identify
	case $ID-$VERSION_ID in
	sles*-16 | sles*-16.* | opensuse*-16 | opensuse*-16.*) ;;
	*) return 1 ;;
	esac
)

download() {
	if has curl; then
		curl -fsS --connect-timeout 20 --max-time 300 -o "$file" "$download_host/$package"
	elif has wget; then
		wget -q -t 1 -T 60 -O "$file" "$download_host/$package"
	else
		fail 'curl or wget is required to download the agent'
	fi
}

# unpack installs the agent without a package manager (CoreOS).
unpack() {
	unzip -q "$file" -d "$folder/agent" || return
	for installer in "$folder"/agent/*/update_install; do
		version=${installer%/update_install}
		version=$agent_home/${version##*/}
		root mkdir -p "$agent_home" || return
		root cp -R "$folder/agent/." "$agent_home" || return
		root bash "$version/update_install" || return
		PATH=$PATH:$version # if /usr is read-only, the agent is only here
	done
}

# register runs the agent. Its exit status is not reliable: old agents exit with 0 if the registration
# is refused.
register() {
	set -- "$(command -v aliyun-service)" --register "$@"
	status=0
	# The proxy, which may contain a password, and the code are passed on standard input, because sudo
	# writes arguments to the system's log.
	# shellcheck disable=SC2016 # the inner shell expands it
	printf '%s\n%s' "$proxy" "$code" |
		root sh -c 'IFS= read -r proxy; [ -z "$proxy" ] || export ALIYUN_ASSIST_PROXY="$proxy"
			code=$(cat && echo .) && exec "$@" --ActivationCode="${code%.}"' sh "$@" >"$folder/output" 2>&1 || status=$?
	tries=10
	[ "$status" -eq 0 ] || tries=1
	attempt "$tries" 1 registered || refused
	say "this machine is registered as $(instance_id)"
}

# refused prints the last lines of the agent's output, without the code, and fails.
refused() {
	start=${code%%[!A-Za-z0-9-]*}
	printf 'register: last output of the agent (exit status %s):\n' "$status" >&2
	tail -n 5 "$folder/output" | tr -d '\000-\010\013-\037\177' | while IFS= read -r line || [ -n "$line" ]; do
		case $line in *"$start"*) line='(a line that contains the code)' ;; esac
		printf '  %s\n' "$line" >&2
	done
	fail 'this machine was not registered: the code may be expired, disabled, used up, for another region, or not allowed for this IP address'
}
