import Bellows
import BellowsRuntime
import Foundation
import Synchronization

/// Collects what a process writes, and tells when something has come.
final class StreamCollector: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isEnded = false
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0
    }

    private struct Waiter {
        let isDone: @Sendable ([UInt8]) -> Bool
        let continuation: CheckedContinuation<[UInt8], Never>
    }

    private let state = Mutex(State())

    /// Reads to the end of the stream, on a thread of its own.
    init(_ handle: FileHandle) {
        let descriptor = dup(handle.fileDescriptor)
        let isStarted = OwnThread.start(name: "test-output") { [self] in
            // Not FileHandle.read(upToCount:), which waits until it has that much.
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                take(Array(buffer[..<count]))
            }
            close(descriptor)
            take(nil)
        }
        if !isStarted { take(nil) }
    }

    /// Waits until a text has come, the stream has ended, or the test was cancelled.
    ///
    /// - Returns: everything so far.
    @discardableResult
    func until(_ text: String) async -> String {
        let pattern = Array(text.utf8)
        return String(decoding: await wait { Data($0).range(of: Data(pattern)) != nil }, as: UTF8.self)
    }

    /// Everything, once the stream has ended; what there is when the test was cancelled.
    func all() async -> [UInt8] {
        await wait { _ in false }
    }

    private func wait(_ isDone: @escaping @Sendable ([UInt8]) -> Bool) async -> [UInt8] {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> [UInt8]? in
                    if Task.isCancelled || state.isEnded || isDone(state.bytes) { return state.bytes }
                    state.waiters[number] = Waiter(isDone: isDone, continuation: continuation)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            let (waiter, bytes) = state.withLock { ($0.waiters.removeValue(forKey: number), $0.bytes) }
            waiter?.continuation.resume(returning: bytes)
        }
    }

    private func take(_ more: [UInt8]?) {
        let (bytes, ready) = state.withLock { state in
            state.bytes += more ?? []
            state.isEnded = more == nil
            let bytes = state.bytes
            let isEnded = state.isEnded
            let ready = state.waiters.filter { isEnded || $0.value.isDone(bytes) }
            for number in ready.keys { state.waiters[number] = nil }
            return (bytes, ready.values)
        }
        for waiter in ready { waiter.continuation.resume(returning: bytes) }
    }
}
