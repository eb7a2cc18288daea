#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files that are only in memory: `memfd_create` of Linux.
enum MemoryFile {
    #if os(Linux)
        private typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32

        // Looked up, because the header declares it for C with GNU extensions only, which Swift does not see.
        private static let create: Create? = dlsym(nil, "memfd_create").map { unsafeBitCast($0, to: Create.self) }

        private static let closeOnExec: UInt32 = 1
        /// Systems may be set up to refuse files that could be executed.
        private static let isNeverExecuted: UInt32 = 8
    #endif

    /// Opens an empty file.
    ///
    /// - Returns: its descriptor; nil if the system has no such files.
    static func open() -> Int32? {
        #if os(Linux)
            guard let create else { return nil }
            var descriptor = create("bellows-payload", closeOnExec | isNeverExecuted)
            // A kernel that does not know the second flag.
            if descriptor < 0, errno == EINVAL { descriptor = create("bellows-payload", closeOnExec) }
            return descriptor >= 0 ? descriptor : nil
        #else
            return nil
        #endif
    }
}
