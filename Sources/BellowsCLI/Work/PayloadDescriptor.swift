#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Hands bytes to a command as a file that has no name any more.
///
/// Not as a pipe: swift-subprocess 1.0.2 ends this process when a command exits without reading all of its input.
enum PayloadDescriptor {
    /// Opens a descriptor from which the bytes can be read.
    ///
    /// - Returns: the descriptor; whoever asked closes it.
    /// - Throws: ``HostProblem`` if there is no place for temporary files.
    static func open(_ bytes: [UInt8]) throws(HostProblem) -> Int32 {
        let folder = ProcessEnvironment.current["TMPDIR"] ?? "/tmp"
        // The system replaces the last six requests.
        var template = Array("\(folder)/bellows-\(String(repeating: "X", count: 6))".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("make a temporary file in \(folder)") }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written, off_t(written))
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                let error = failure("write the payload to \(folder)")
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
