#!/usr/bin/env bash
# Checks the models in models/ with Spin: what must hold holds, each rule that is left out fails, and the situations that
# the models are about can be reached. The header of each model lists its checks:
#   @pass NAME MODE [-DMACRO…]    must hold
#   @fail NAME MODE [-DMACRO…]    a rule is left out: an error must be found
#   @reach NAME MODE [-DMACRO…]   an assertion that says that a situation does not occur: an error must be found
# MODE is safety (assertions and dead ends), live (its ltl formula, weakly fair) or cycles (nothing goes on for ever).
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-dependencies.sh spin gcc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One check: FILE KIND NAME MODE MACRO…
check() {
    local file=$1 kind=$2 name=$3 mode=$4 label directory started=$SECONDS compile run
    shift 4
    label="$(basename "$file" .pml) $name"
    directory="$work/${label// /-}"
    mkdir "$directory"
    case $mode in
        safety) compile=(-DSAFETY) run=() ;;
        live) compile=() run=(-a -f) ;;
        cycles) compile=(-DNP) run=(-l) ;;
        *) echo "$label: unknown mode $mode" && return 1 ;;
    esac
    if ! (cd "$directory" && spin "$@" -a "$file" && gcc -O1 -w -DCOLLAPSE -DNFAIR=3 "${compile[@]}" -o pan pan.c \
        && ./pan -m500000 "${run[@]}") >"$directory/log" 2>&1; then
        cat "$directory/log"
        echo "$label: could not be checked"
        return 1
    fi
    if grep -q 'max search depth too small\|out of memory\|aborted' "$directory/log"; then
        echo "$label: the search was cut short"
        return 1
    fi
    local errors states verdict=right
    errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' "$directory/log" | tail -1)
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$directory/log" | tail -1)
    if [ "$kind" = pass ]; then [ "$errors" = 0 ] || verdict=WRONG; else [ "${errors:-0}" -gt 0 ] || verdict=WRONG; fi
    printf '%-9s %-18s %-6s %10s states %3s s  %s\n' "${label% *}" "$name" "$kind" "$states" \
        $((SECONDS - started)) "$verdict"
    [ "$verdict" = right ] || return 1
}
export -f check
export work

# Two at a time; xargs fails if one of them did.
for file in "$PWD"/models/*.pml; do
    sed -n 's/^ \* @\(pass\|fail\|reach\) *\(.*\)$/\1 \2/p' "$file" | while read -r line; do echo "$file $line"; done
done | xargs -P 2 -L 1 bash -c 'check "$@"' check
echo "all models: right"
