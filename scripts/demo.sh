#!/usr/bin/env bash
# The main job on real input: every file under a folder is a task, three workers compute SHA-256, one of them is killed
# with SIGKILL while it holds tasks, and the awaited results are verified with sha256sum.
#
# Usage: scripts/demo.sh [FOLDER]        default: /usr/share/doc
set -euo pipefail
export LC_ALL=C # names of files are bytes

say() { printf 'demo: %s\n' "$*"; }
die() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "${1:-/usr/share/doc}" && pwd) || die "no folder: ${1:-/usr/share/doc}"
name=demo.sha256
lease=2s

work=$(mktemp -d)
pids=()
cleanup() {
    status=$?
    trap - EXIT
    # Only what was started here. Killing one that is gone already is no error.
    for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "building"
cd "$here/.."
swift build --product BellowsCLI >"$work/build.log" 2>&1 || {
    tail -n 30 "$work/build.log" >&2
    die "the build failed"
}
bellows=$(swift build --show-bin-path)/BellowsCLI

# A socket in a private folder: no port to be taken, nobody else to be disturbed.
redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --save '' \
    --appendonly yes --appendfsync everysec --maxmemory-policy noeviction >"$work/redis.log" 2>&1 &
pids+=($!)
for _ in $(seq 200); do
    [ "$(redis-cli -s "$work/redis.sock" ping 2>/dev/null)" != PONG ] || break
    sleep 0.05
done
[ "$(redis-cli -s "$work/redis.sock" ping 2>/dev/null)" = PONG ] || { cat "$work/redis.log" >&2; die "redis-server does not start"; }
export BELLOWS_REDIS_URL=unix://$work/redis.sock

skipped=0
while IFS= read -r -d '' path; do
    # A task is a line, so a name may hold anything but a newline.
    if [[ $path == *$'\n'* || ! -r $path ]]; then
        skipped=$((skipped + 1))
    else
        printf '%s\n' "$path"
    fi
done < <(find "$folder" -type f -print0) >"$work/paths"
total=$(wc -l <"$work/paths" | tr -d ' ')
[ "$total" -gt 0 ] || die "there is no file under $folder"
say "$total files under $folder ($skipped skipped: unreadable, or with a newline in the name)"

# A small folder would be done before anybody can be killed.
[ "$total" -ge 1000 ] || export DEMO_PAUSE=0.1

workers=()
for number in 1 2 3; do
    "$bellows" work "$name" --lease "$lease" --concurrency 8 -- "$here/sha256-task.sh" 2>"$work/worker-$number.log" &
    workers+=($!)
    pids+=($!)
done

begin=$(date +%s.%N)
"$bellows" publish "$name" --stdin-lines --await --timeout 10m <"$work/paths" >"$work/sums" 2>"$work/publish.log" &
publisher=$!
pids+=("$publisher")

children() {
    if [ -e /proc/self/status ]; then
        { grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status || true; } | wc -l
    else
        ps -A -o ppid= | grep -cw "$1" || true
    fi
}
finished() { "$bellows" stats "$name" --json | sed 's/.*"finished_total":\([0-9]*\).*/\1/'; }

# In mid-run: a tenth is done. The victim is frozen first: a child that it has not reaped then is a task that it holds.
victim=${workers[0]}
held=0
while kill -0 "$publisher" 2>/dev/null; do
    if [ "$(finished)" -ge $((total / 10)) ]; then
        kill -STOP "$victim"
        held=$(children "$victim")
        if [ "$held" -gt 0 ]; then
            kill -KILL "$victim"
            wait "$victim" 2>/dev/null || true # or the shell reports the kill in its own words
            break
        fi
        kill -CONT "$victim"
    fi
    sleep 0.02
done
[ "$held" -gt 0 ] || { cat "$work"/*.log >&2; die "all was done before a worker could be killed"; }
done_then=$(finished)
say "killed worker 1 of 3 (pid $victim) with SIGKILL: it held at least $held tasks, $done_then of $total were done"

status=0
wait "$publisher" || status=$?
end=$(date +%s.%N)
[ "$status" -eq 0 ] || { cat "$work/publish.log" >&2; die "bellows publish --await exited with $status"; }

recovered=$(cat "$work"/worker-*.log | grep -c '^recovered ' || true)
results=$(grep -c . "$work/sums" || true)
# Each path has one line, in the order of the input, and each hash is right.
verified=$(sha256sum -c "$work/sums" 2>"$work/verify.log" | grep -c ': OK$' || true)
lost=$((total - verified))

for number in 2 3; do
    pid=${workers[number - 1]}
    kill -TERM "$pid"
    wait "$pid" || die "worker $number exited with $? after SIGTERM"
done

say "tasks      $total"
say "results    $results, verified with sha256sum -c: $verified"
say "seconds    $(awk "BEGIN { printf \"%.1f\", $end - $begin }")"
say "killed     1 of 3 workers, holding at least $held tasks"
say "recovered  $recovered tasks ran again (attempt 2 or later), one lease of $lease after the kill"
say "lost       $lost"
[ "$results" -eq "$total" ] && [ "$lost" -eq 0 ] || { cat "$work/verify.log" >&2; die "some results are missing or wrong"; }
[ "$recovered" -gt 0 ] || die "no task was recovered: the killed worker held none"
