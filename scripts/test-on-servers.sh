#!/usr/bin/env bash
# Runs the integration and command-line tests on servers, one after the other, and prints a table:
#
#   scripts/test-on-servers.sh [--filter PATTERN] [NAME...]      all of scripts/servers.sh without a name
#
# What a server cannot do is not applicable there; the table says why. The whole output of each run stays in
# .servers/NAME.log. Needs what `make build` builds. Exits with 1 if any test has failed.
set -euo pipefail
cd "$(dirname "$0")/.."

filter='BellowsRedisIntegrationTests|BellowsCLITests'
if [ "${1:-}" = --filter ]; then
    filter=$2
    shift 2
fi
[ $# -gt 0 ] || set -- redis-6.2 redis-7.0 redis-8.0 valkey-8.1 valkey-9.1
scripts/servers.sh "$@"

table=$(mktemp)
trap 'rm -f "$table"' EXIT
code=0
for name in "$@"; do
    log=$PWD/.servers/$name.log
    echo "--- tests on $name"
    status=0
    BELLOWS_FIXTURE_SERVER=$PWD/.servers/$name BELLOWS_FIXTURE_USER=$PWD/docs/tls-and-users.md \
        swift test --skip-build --filter "$filter" >"$log" 2>&1 || status=$?
    # Only lines of whole tests count, not those of suites, of single arguments, or of the run.
    tests=$(grep -E '^[^ ]+ +Test ' "$log" | grep -vE '^[^ ]+ +Test (run|case) ' || true)
    count() { grep -cE "$1" <<<"$tests" || true; }
    passed=$(count ' passed after ')
    failed=$(count ' failed after ')
    skipped=$(count ' skipped: ')
    reasons=$(sed -nE 's/.* skipped: "?([^"]*)"?$/\1/p' <<<"$tests" | sort | uniq -c |
        sed -E 's/^ *([0-9]+) (.*)/\1 because \2/' | paste -sd ';' | sed 's/;/; /g')
    server=$(.servers/"$name"/redis-server --version | sed -nE 's/^([A-Za-z]+) server v=([0-9.]+).*/\1 \2/p')
    printf '%s\t%d\t%d\t%d\t%s\n' "$server" $((passed + failed + skipped)) "$passed" "$failed" \
        "${reasons:-$skipped}" >>"$table"
    if [ "$status" -ne 0 ] || [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then
        grep -E '^[^ ]+ +Test .* (failed after|recorded an issue)|error:' "$log" | head -40 || tail -20 "$log"
        echo "$name: swift test ended with $status, see $log"
        code=1
    fi
done

echo
printf '%-16s %6s %7s %7s  %s\n' server tests passed failed 'not applicable'
while IFS=$'\t' read -r server tests passed failed skipped; do
    printf '%-16s %6s %7s %7s  %s\n' "$server" "$tests" "$passed" "$failed" "$skipped"
done <"$table"
exit "$code"
