import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns the signals that ask a program to end into calls. Lasts as long as the value.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Listens for SIGTERM, SIGINT and SIGHUP, except those that our parent process had ignored (nohup, or a job in the
    /// background of a script).
    ///
    /// - Parameter action: called on a thread of its own with the number of signals that have come since the last call.
    init(_ action: @escaping @Sendable (Int) -> Void) {
        let queue = DispatchQueue(label: "bellows.signals")
        sources = [SIGTERM, SIGINT, SIGHUP].filter { !Self.isIgnored($0) }.map { number in
            // Darwin delivers to sources beside the default action, which must not come first.
            #if canImport(Darwin)
                signal(number, SIG_IGN)
            #endif
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { action(Int(source.data)) }
            source.resume()
            return source
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var current = sigaction()
        guard sigaction(number, nil, &current) == 0 else { return false }
        #if canImport(Darwin)
            let handler = current.__sigaction_u.__sa_handler
        #else
            let handler = current.__sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
