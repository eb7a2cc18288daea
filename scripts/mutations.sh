#!/usr/bin/env bash
# Checks the tests: runs them on a copy of the sources as they are, which must pass, and then puts one of twelve known bugs
# at a time into it, and runs them again, which must fail. A run that takes 300 seconds (or PATIENCE) has failed too.
# scripts/mutations.sh [NAME…]; half an hour for all. The copy and its build stay in .build-mutations.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-dependencies.sh rsync
root=$PWD
# A test that crashes has found the bug; its backtrace would outlive it, and keep its servers alive.
export SWIFT_BACKTRACE=enable=no
copy=$root/.build-mutations/source
mkdir -p "$copy"

# Sources as they are here, without what git ignores.
restore() {
    git ls-files -z --cached --others --exclude-standard | rsync -a --checksum --files-from=- --from0 . "$copy"
}

# Replaces a piece of a file by another one; both are Perl, across lines. It is an error if nothing changes.
replace() {
    local file=$copy/$1
    cp "$file" "$file.before"
    perl -0pi -e "$2" "$file"
    if cmp -s "$file" "$file.before"; then
        echo "$1 has changed: the mutation is out of date"
        exit 1
    fi
    rm "$file.before"
}

# Whoever holds any token is taken for the owner.
no_token_check() {
    replace lua/finish.lua 's/only ~= ARGV\[5\]/not only/; s/if held\[i\] == token then/if held[i] then/'
    replace lua/fail.lua 's/held\[i\] == token/held[i]/'
    replace lua/renew.lua 's/held\[i\] == ARGV\[2 \* i \+ 1\]/held[i]/'
}
# The end of a lease comes from a clock that is a minute behind the server's.
client_clock() {
    replace lua/claim.lua 's/time \+ lease\)/time + lease - 60000)/'
}
# Subscribers look for what they missed before the subscription is in force.
sweep_before_subscribe() {
    replace Sources/BellowsRedis/Subscription/SubscriptionStateMachine.swift \
        's/owesInForce = true\n        return wanted.isEmpty \? settle\(\) : request\(wanted.sorted\(\)\)/owesInForce = false\n        return [.inForce] + request(wanted.sorted())/'
}
# A claim that failed is not tried again.
no_rearm() {
    replace Sources/Bellows/Dispatcher/ClaimSchedule.swift \
        's/let instant = now \+ pause \+ min\(bound.*?\n.*?\n/_ = bound\n/'
}
# A connection goes on after a call that was not answered in time.
reused_connection() {
    replace Sources/BellowsRedis/Connection/CommandHandler.swift \
        's/return "Redis has not answered in time"/for command in pending where command.deadline <= now { command.completion(.failure(.outcomeUnknown("late"))) }\n        pending.removeAll { \$0.deadline <= now }\n        return nil/'
}
# A task is gone, and its result was not stored with it.
result_not_stored() {
    replace lua/parts/settle.lua "s/    call\('SET', B .. ':r '.*?\n//"
}
# Ids of processes, and so tokens, come from a counter that starts anew.
reused_tokens() {
    replace Sources/BellowsRedis/Keys/ClientID.swift 's/UInt64.random\(in: .min ... .max\)/UInt64(1)/'
}
# Attempts are counted when they fail, so a crash is not counted.
attempt_at_failure() {
    replace lua/parts/candidates.lua "s/string.match\(token, '\^%d\+'\) \+ 1 or 1/math.max(1, tonumber(string.match(token, '^%d+'))) or 1/"
    replace lua/fail.lua "s/string.match\(token, '\^%d\+:'\)/format('%d:', string.match(token, '^%d+') + 1)/"
}

# What was asked of one attempt stops any other one too.
flag_without_token() {
    replace lua/parts/stops.lua 's/token and token == held\[i\]/token/'
}
# A claim hands out once more what was cancelled while it ran.
claims_blindly() {
    replace lua/claim.lua 's/\[claim_stopped, claim_door\]/[claim_door]/'
}
# A report that comes late clears what was asked of the present attempt.
late_clears() {
    replace lua/finish.lua 's/pairs\(stopped or \{\}\)/pairs(stops or {})/'
}
# A closed definition hands out tasks.
open_door() {
    replace lua/claim.lua 's/\[claim_stopped, claim_door\]/[claim_stopped]/'
}

# No bug at all: the tests must not fail of themselves.
control() { :; }

all=(control no_token_check client_clock sweep_before_subscribe no_rearm reused_connection result_not_stored reused_tokens
    attempt_at_failure flag_without_token claims_blindly late_clears open_door)
survivors=0
for name in "${@:-${all[@]}}"; do
    restore
    "$name"
    log=$root/.build-mutations/$name.log
    # A mutation that does not compile proves nothing.
    if ! swift build --build-tests --package-path "$copy" --scratch-path .build-mutations/build >"$log" 2>&1; then
        echo "$name: does not compile, see $log"
        exit 1
    fi
    if timeout --kill-after=5 "${PATIENCE:-300}" swift test --skip-build --package-path "$copy" --scratch-path .build-mutations/build >"$log" 2>&1; then
        if [ "$name" = control ]; then
            echo "$name: passes"
        else
            echo "$name: SURVIVED"
            survivors=$((survivors + 1))
        fi
    elif [ "$name" = control ]; then
        echo "$name: the tests fail of themselves, see $log"
        exit 1
    else
        # What hangs outlives the command that runs the tests, and its servers live as long as it does.
        pgrep -f "^$root/.build-mutations/build/.*xctest" | xargs -r kill -9 || true
        echo "$name: found by $(grep -c '✘ Test .* failed\|✘ Test .* recorded an issue' "$log" || true) messages of tests"
    fi
done
[ "$survivors" -eq 0 ]
