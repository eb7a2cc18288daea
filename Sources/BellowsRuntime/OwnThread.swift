#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Starts threads that belong to nobody's pool.
package enum OwnThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread with all signals blocked, so that the program's own threads get them.
    ///
    /// - Parameters:
    ///   - name: what debuggers show, where the system lets us say so.
    ///   - body: what the thread runs.
    /// - Returns: whether the system gave a thread; if it did not, `body` is never called.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let box = Unmanaged.passRetained(
            Body {
                setName(name)
                body()
            }
        )
        var old = sigset_t()
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &old)
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let status = pthread_create(&thread, nil, entry, box.toOpaque())
        pthread_sigmask(SIG_SETMASK, &old, nil)
        guard status == 0 else {
            box.release()
            return false
        }
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
        return true
    }

    #if canImport(Darwin)
        private static let entry: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
            Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run()
            return nil
        }
    #else
        private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
            if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
            return nil
        }
    #endif

    private static func setName(_ name: String) {
        #if canImport(Darwin)
            pthread_setname_np(name)
        #endif
        // Glibc declares its counterpart for C with GNU extensions only, which Swift does not see.
    }
}
