#!/usr/bin/env bash
# Shows that a run of the tests that is interrupted leaves no process behind: starts `make test` on what is built, ends it
# in one of eight ways while servers and commands run, and looks for what is left. Two minutes; Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

tag="BELLOWS_ABANDONED_RUN=$$"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The processes of this run: all that have inherited its variable.
ours() {
    local directory
    for directory in /proc/[0-9]*; do
        if tr '\0' '\n' <"$directory/environ" | grep -qxF "$tag"; then echo "${directory#/proc/}"; fi
    done 2>/dev/null
    return 0
}

# Those of them whose command line fits.
named() {
    local pid
    for pid in $(ours); do
        if tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -- "$1"; then echo "$pid"; fi
    done 2>/dev/null
    return 0
}

# Waits until it is true, for as many seconds.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        if [ $SECONDS -ge $end ]; then return 1; fi
        sleep 0.2
    done
}

is_at_work() { [ "$(named 'redis-server.*:' | wc -l)" -ge 3 ] && [ -n "$(named ' work ')" ]; }
is_over() { [ -z "$(ours)" ]; }

end_make() { kill -s "$1" "$make"; }
end_swift() { kill -s "$1" $(named 'swift-test'); }
end_tests() { kill -s "$1" $(named '\.xctest --'); }
end_group() { kill -s "$1" -- "-$make"; }

failures=0
for way in 'make KILL' 'make TERM' 'swift KILL' 'swift TERM' 'tests KILL' 'group INT' 'group TERM' 'group HUP'; do
    # A group of its own, as a shell makes one, and with the signals of one that is not in the background.
    env "$tag" setsid env --default-signal=INT make -o build test >"$log" 2>&1 &
    make=$!
    if ! within 60 is_at_work; then
        echo "$way: the tests did not begin"
        tail -20 "$log"
        exit 1
    fi
    "end_${way% *}" "${way#* }"
    if within 20 is_over; then
        echo "$way: nothing is left"
    else
        echo "$way: this is left:"
        for pid in $(ours); do ps -o pid=,ppid=,stat=,args= -p "$pid" | cut -c1-150; done
        kill -s KILL $(ours) || true
        failures=$((failures + 1))
    fi
    wait "$make" 2>/dev/null || true
done
exit $failures
