#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, if they are missing. Starts no service.
# Arguments: commands that are needed beside these, named as their packages.
set -euo pipefail

say() { printf 'install: %s\n' "$*"; }

if [ "$(uname -s)" != Linux ]; then
    for formula in hiredis openssl@3 redis "$@"; do
        brew list --formula "$formula" >/dev/null 2>&1 || brew install "$formula"
    done
    exit 0
fi

missing=()
# The header counts, not the package: a hiredis built by hand is as good.
if [ ! -e /usr/include/hiredis/hiredis.h ] && [ ! -e /usr/local/include/hiredis/hiredis.h ]; then
    missing+=(libhiredis-dev)
fi
if [ ! -e /usr/include/openssl/ssl.h ] && [ ! -e /usr/local/include/openssl/ssl.h ]; then
    missing+=(libssl-dev)
fi
# The tests make certificates with it.
command -v openssl >/dev/null || missing+=(openssl)
command -v redis-server >/dev/null || missing+=(redis-server)
for name in "$@"; do command -v "$name" >/dev/null || missing+=("$name"); done
[ "${#missing[@]}" -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    say "please install ${missing[*]} (no apt-get here)" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        say "please install as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

# Debian starts the server of a new redis-server package. The tests start their own, so let this one be: a policy that
# forbids starting, for the time of the installation only, unless the machine has a policy already.
policy=/usr/sbin/policy-rc.d
made_policy=
cleanup() { [ -z "$made_policy" ] || "${as_root[@]}" rm -f "$policy"; }
trap cleanup EXIT
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi

apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
say "installing ${missing[*]}"
if ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; then
    say "refreshing the package lists"
    "${apt[@]}" update
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
fi
