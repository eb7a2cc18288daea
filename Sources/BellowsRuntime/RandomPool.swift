import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Random bits of the system, fetched many at a time: a system call for each id would cost more than the id.
package enum RandomPool {
    fileprivate struct State {
        var words: [UInt64] = []
    }

    private static let state = Mutex(State())

    /// Takes 80 bits that nobody has got before.
    package static func take() -> (high: UInt16, low: UInt64) {
        state.withLock { state in
            if state.words.count < 2 { state.refill() }
            guard let high = state.words.popLast(), let low = state.words.popLast() else {
                return (UInt16.random(in: .min ... .max), UInt64.random(in: .min ... .max))
            }
            return (UInt16(truncatingIfNeeded: high), low)
        }
    }
}

extension RandomPool.State {
    fileprivate mutating func refill() {
        // As many as one system call gives.
        let count = 32
        words = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: 0)
            initialized = getentropy(buffer.baseAddress, buffer.count * 8) == 0 ? count : 0
        }
    }
}
