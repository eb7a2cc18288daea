import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A descriptor that is closed once: when its owner says so, or is gone.
final class ClosingDescriptor: Sendable {
    let number: Int32
    private let isOpen = Atomic(true)

    init(_ number: Int32) { self.number = number }

    deinit { close() }

    func close() {
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        #if canImport(Darwin)
            _ = Darwin.close(number)
        #elseif canImport(Glibc)
            _ = Glibc.close(number)
        #else
            _ = Musl.close(number)
        #endif
    }
}
