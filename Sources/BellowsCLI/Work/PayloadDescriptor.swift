#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Hands bytes to a command as a file that has no name.
///
/// Not as a pipe: swift-subprocess 1.0.2 ends this process when a command exits without reading all of its input. On
/// Linux the file is in memory, so a worker needs no place where it may write; elsewhere, and where the system refuses
/// that, it is in TMPDIR.
enum PayloadDescriptor {
    /// Opens a descriptor from which the bytes can be read.
    ///
    /// - Returns: the descriptor; the caller closes it.
    /// - Throws: ``HostProblem`` if there is no place for them.
    static func open(_ bytes: [UInt8]) throws(HostProblem) -> Int32 {
        if let descriptor = MemoryFile.open() { return try fill(descriptor, bytes, "memory") }
        let folder = ProcessEnvironment.current["TMPDIR"] ?? "/tmp"
        // The system replaces the last six letters.
        var template = Array("\(folder)/bellows-\(String(repeating: "X", count: 6))".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("make a temporary file in \(folder)") }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return try fill(descriptor, bytes, folder)
    }

    /// Makes sure, before the first task is claimed, that there is a place for payloads.
    ///
    /// - Throws: ``CommandFailure`` if there is none.
    static func check() throws(CommandFailure) {
        do {
            close(try open([0]))
        } catch {
            throw CommandFailure(.usage, "\(error); set TMPDIR to a folder where payloads may be written")
        }
    }

    private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ place: String) throws(HostProblem) -> Int32 {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written, off_t(written))
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                let error = failure("write the payload to \(place)")
                close(descriptor)
                throw error
            }
        }
        return descriptor
    }

    private static func failure(_ action: String) -> HostProblem {
        HostProblem(description: "cannot \(action): \(String(cString: strerror(errno)))")
    }
}
