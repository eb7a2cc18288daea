import Bellows

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A payload from a file, a pipe or standard input, byte for byte.
struct PayloadFile {
    /// A path, or `-` for standard input. Bytes that are not valid UTF-8 are written as ``RawArguments`` does.
    let path: String

    /// Reads the payload.
    ///
    /// - Parameter limit: the most bytes allowed; no more is read into memory.
    /// - Throws: ``CommandFailure`` if it cannot be read; `BellowsError` if it is too large.
    func read(limit: Int) async throws -> [UInt8] {
        guard path != "-" else { return try await read(STDIN_FILENO, limit: limit) }
        let descriptor = open((RawArguments.bytes(of: path) + [0]).map { CChar(bitPattern: $0) }, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        return try await read(descriptor, limit: limit)
    }

    private func read(_ descriptor: Int32, limit: Int) async throws -> [UInt8] {
        let source = ByteSource(descriptor: descriptor)
        var payload: [UInt8] = []
        while true {
            switch await source.next() {
            case .bytes(let bytes): payload += bytes
            case .end: return payload
            case .failed(let number): throw failure(number)
            }
            guard payload.count <= limit else {
                throw BellowsError.payloadTooLarge(size: max(payload.count, size(of: descriptor)), limit: limit)
            }
        }
    }

    /// The size of a regular file; 0 for anything else.
    private func size(of descriptor: Int32) -> Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private func failure(_ number: Int32) -> CommandFailure {
        CommandFailure(
            .usage,
            "cannot read \(path == "-" ? "standard input" : path): \(String(cString: strerror(number)))"
        )
    }
}
