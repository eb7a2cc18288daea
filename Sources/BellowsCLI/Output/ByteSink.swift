import Bellows
import BellowsRuntime
import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes to a descriptor on a thread of its own: a reader that does not read holds up those who wait here, never
/// Swift's pool of threads and never a lease.
final class ByteSink: Sendable {
    static let standardOutput = ByteSink(descriptor: STDOUT_FILENO, name: "standard output")
    static let standardError = ByteSink(descriptor: STDERR_FILENO, name: "standard error")

    private struct State {
        var pending: [[UInt8]] = []
        var pendingBytes = 0
        var isWriting = false
        var failure: Int32 = 0
        var waiters: [(number: Int, maximum: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var lastWaiter = 0
        /// Whether nothing was read for so long that what is offered is dropped.
        var isStuck = false
        var droppedBytes = 0
        var isStarted = false
        /// Whether anything was written whose loss matters.
        var isChecked = false
    }

    /// Writers wait until less than this is unwritten.
    private static let softLimit = 256 << 10
    /// Log lines above this are dropped: nothing may wait for them.
    private static let hardLimit = 1 << 20

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let descriptor: Int32
    private let name: String

    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Writes a line. For standard error, where a failure cannot be told to anybody.
    func say(_ line: String) async {
        enqueue(Array("\(line)\n".utf8))
        await drain(to: Self.softLimit)
    }

    /// Writes bytes whose loss is no failure of ours; waits while much is unwritten.
    func pass(_ bytes: [UInt8]) async {
        enqueue(bytes)
        await drain(to: Self.softLimit)
    }

    /// Writes bytes, and waits while much is unwritten, but no longer than a time; then, and until something is read
    /// again, what is offered is dropped, and counted. For what must not hold up a task.
    func offer(_ bytes: [UInt8], waitingAtMost limit: Duration = .seconds(1)) async {
        let isTaken = state.withLock { state in
            guard state.isStuck, state.pendingBytes > Self.softLimit else { return true }
            state.droppedBytes += bytes.count
            return false
        }
        guard isTaken else { return }
        enqueue(bytes)
        await drain(to: Self.softLimit, within: limit)
    }

    /// Writes bytes; waits while much is unwritten.
    ///
    /// - Throws: ``CommandFailure`` if this or an earlier write failed.
    func write(_ bytes: [UInt8]) async throws(CommandFailure) {
        state.withLock { $0.isChecked = true }
        enqueue(bytes)
        await drain(to: Self.softLimit)
        try check()
    }

    /// Writes bytes without ever waiting, and drops them when too much is unwritten.
    func post(_ bytes: [UInt8]) {
        if state.withLock({ $0.pendingBytes < Self.hardLimit }) { enqueue(bytes) }
    }

    /// Waits until everything is written, but not longer than a second for what does not matter: who does not read it
    /// must not keep the program alive.
    func flush() async {
        let matters = state.withLock { $0.isChecked }
        await drain(to: 0, within: matters ? nil : .seconds(1))
    }

    /// Waits until everything is written.
    ///
    /// - Throws: ``CommandFailure`` if a write failed of which ``write(_:)`` was to tell.
    func finish() async throws(CommandFailure) {
        await flush()
        try check()
    }

    private func check() throws(CommandFailure) {
        let failure = state.withLock { $0.isChecked ? $0.failure : 0 }
        guard failure == 0 else {
            throw CommandFailure(.failed, "cannot write to \(name): \(String(cString: strerror(failure)))")
        }
    }

    private func enqueue(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let (mustStart, mustWake) = state.withLock { state in
            guard state.failure == 0 else { return (false, false) }
            defer { state.isStarted = true }
            state.pending.append(bytes)
            state.pendingBytes += bytes.count
            return (!state.isStarted, !state.isWriting)
        }
        if mustStart, !OwnThread.start(name: "bellows-output", { [self] in run() }) { fail(EAGAIN) }
        if mustWake { wakeUp.signal() }
    }

    /// Nothing can be written any more.
    private func fail(_ failure: Int32) {
        let waiters = state.withLock { state in
            state.failure = failure
            state.pending = []
            state.pendingBytes = 0
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    private func drain(to maximum: Int, within limit: Duration? = nil) async {
        let time = EventLoop.shared
        var timer: TimerToken?
        await withCheckedContinuation { continuation in
            let number: Int? = state.withLock { state in
                if state.pendingBytes <= maximum { return nil }
                state.lastWaiter += 1
                state.waiters.append((state.lastWaiter, maximum, continuation))
                return state.lastWaiter
            }
            guard let number else { return continuation.resume() }
            guard let limit else { return }
            timer = time.schedule(at: time.now + limit) { [self] in
                let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                    guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                    state.isStuck = true
                    return state.waiters.remove(at: index).continuation
                }
                waiter?.resume()
            }
        }
        if let timer { time.cancel(timer) }
    }

    private func run() {
        while true {
            let chunks = state.withLock { state in
                state.isWriting = !state.pending.isEmpty
                defer { state.pending = [] }
                return state.pending
            }
            if chunks.isEmpty {
                wakeUp.wait()
                continue
            }
            let count = chunks.reduce(0) { $0 + $1.count }
            // What is long is not copied to be written with others.
            let failure = Self.write(chunks.count == 1 ? chunks[0] : Array(chunks.joined()), to: descriptor)
            let waiters = state.withLock { state in
                state.pendingBytes -= count
                state.isStuck = false
                if state.droppedBytes > 0 {
                    let note = Array("bellows: nobody read \(name): \(state.droppedBytes) bytes were dropped\n".utf8)
                    state.pending.append(note)
                    state.pendingBytes += note.count
                    state.droppedBytes = 0
                }
                if failure != 0 {
                    state.failure = failure
                    state.pending = []
                    state.pendingBytes = 0
                }
                let left = state.pendingBytes
                defer { state.waiters.removeAll { $0.maximum >= left } }
                return state.waiters.filter { $0.maximum >= left }
            }
            for waiter in waiters { waiter.continuation.resume() }
        }
    }

    /// - Returns: 0, or the error number.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
            while !rest.isEmpty {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #elseif canImport(Glibc)
                    let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #else
                    let count = Musl.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                } else if errno == EAGAIN {
                    // Somebody who shares the terminal or pipe with us has made it non-blocking.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}

extension ByteSink {
    /// Writes a line to standard output.
    ///
    /// - Throws: ``CommandFailure`` if this or an earlier write failed.
    func print(_ line: String) async throws(CommandFailure) {
        try await write(Array("\(line)\n".utf8))
    }

    /// Whether a person watches.
    var isTerminal: Bool { isatty(descriptor) == 1 }
}
