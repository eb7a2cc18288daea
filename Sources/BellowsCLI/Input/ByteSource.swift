import Bellows
import BellowsRuntime
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads a descriptor on a thread of its own, one chunk at a time, so that waiting for input holds up nothing else.
final class ByteSource: Sendable {
    /// What one read ended with.
    enum Chunk: Sendable {
        case bytes([UInt8])
        case end
        case failed(Int32)
    }

    private let descriptor: Int32
    private static let chunkSize = 64 << 10

    /// Reads a descriptor that stays open.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Reads what is there, or waits for something. A reader that is cancelled gets ``Chunk/end``; what its thread
    /// reads after that is lost.
    func next() async -> Chunk {
        let answer = Answer()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.expect(continuation)
                // A thread for each read costs little beside a chunk of 64 KiB, and leaves no hand-over to go wrong.
                let isStarted = OwnThread.start(name: "bellows-input") { [descriptor] in
                    answer.give(Self.read(descriptor))
                }
                if !isStarted { answer.give(.failed(EAGAIN)) }
            }
        } onCancel: {
            answer.give(.end)
        }
    }

    /// Given once, by the thread or by a cancellation, whichever is first.
    private final class Answer: Sendable {
        private enum State {
            case idle
            case expected(CheckedContinuation<Chunk, Never>)
            case given(Chunk)
        }

        private let state = Mutex(State.idle)

        func expect(_ continuation: CheckedContinuation<Chunk, Never>) {
            let early = state.withLock { state -> Chunk? in
                if case .given(let chunk) = state { return chunk }
                state = .expected(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }

        func give(_ chunk: Chunk) {
            let continuation = state.withLock { state -> CheckedContinuation<Chunk, Never>? in
                switch state {
                case .given: return nil
                case .idle:
                    state = .given(chunk)
                    return nil
                case .expected(let continuation):
                    state = .given(chunk)
                    return continuation
                }
            }
            continuation?.resume(returning: chunk)
        }
    }

    private static func read(_ descriptor: Int32) -> Chunk {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: chunkSize) { buffer, count in
            while true {
                #if canImport(Darwin)
                    let result = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Glibc)
                    let result = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    let result = Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
                if result >= 0 {
                    count = result
                    return
                }
                failure = errno
                if failure == EAGAIN {
                    // Somebody who shares the terminal or pipe with us has made it non-blocking.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    poll(&ready, 1, -1)
                } else if failure != EINTR {
                    return
                }
                failure = 0
            }
        }
        if failure != 0 { return .failed(failure) }
        return bytes.isEmpty ? .end : .bytes(bytes)
    }
}
