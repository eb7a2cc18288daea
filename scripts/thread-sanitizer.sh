#!/usr/bin/env bash
# Runs tests under the thread sanitizer: scripts/thread-sanitizer.sh [FILTER…]; by default the unit tests, and those of
# the connection, of backends, and of the conformance list on a real server. Five minutes. Any report is an error.
#
# The sanitizer does not know the lock of the module Synchronization, which Swift's library brings ready-made: it would
# report everything that is guarded by one. So a copy of the sources is built in which a type of the same name, on a
# pthread mutex that the sanitizer does know, stands in front of it. The copy and its build stay in .build-tsan.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-dependencies.sh rsync
copy=$PWD/.build-tsan/source
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | rsync -a --checksum --files-from=- --from0 . "$copy"
cd "$copy"

for target in Sources/Bellows Sources/BellowsRuntime Sources/BellowsRedis Sources/BellowsTesting Sources/BellowsConformance \
    Sources/BellowsCLI Benchmarks/BellowsBench Tests/Support/* Tests/*; do
    cat >"$target/SanitizedMutex.swift" <<'SWIFT'
import Glibc

/// What Synchronization calls by this name, on a lock that the thread sanitizer knows.
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)

    init(_ initial: consuming sending Value) {
        pthread_mutex_init(lock, nil)
        value.initialize(to: initial)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        nonisolated(unsafe) let value = value
        return try body(&value.pointee)
    }
}
SWIFT
done
# What the sanitizer is built with may bring warnings of its own.
sed -i '/treatAllWarnings/d' Package.swift

swift build --build-tests --sanitize=thread --scratch-path ../build
log=../log
filters=("$@")
if [ ${#filters[@]} -eq 0 ]; then
    filters=('BellowsTests\.' 'BellowsRedisTests\.' 'RedisConformanceTests' 'ConnectionTests' 'ConnectionFaultTests'
        'SubscriptionConnectionTests' 'RedisBatchingTests' 'RedisWakeUpTests' 'ClusterConformanceTests')
fi
status=0
TSAN_OPTIONS="halt_on_error=0 exitcode=66 suppressions=$PWD/scripts/thread-sanitizer.txt" swift test --skip-build \
    --sanitize=thread --scratch-path ../build "${filters[@]/#/--filter=}" >"$log" 2>&1 || status=$?
grep -E '✘|Test run with' "$log" || true
reports=$(grep -c 'WARNING: ThreadSanitizer' "$log" || true)
grep -A 12 'WARNING: ThreadSanitizer' "$log" | head -200 || true
echo "thread sanitizer: $reports reports"
[ "$status" -eq 0 ] && [ "$reports" -eq 0 ]
