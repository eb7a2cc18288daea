// The only file that calls C code of hiredis. Of that library it uses connecting, formatting and parsing, never its own
// reading and writing (which raises SIGPIPE) and never its asynchronous layer (which aborts on unexpected replies).
import CHiredis

/// One reply parser of hiredis, and hiredis' functions that need no parser.
///
/// The driver owns every object that hiredis allocates, and frees it before its method returns. Not thread-safe.
final class HiredisDriver {
    private let reader: UnsafeMutablePointer<redisReader>
    /// How many replies the parser has handed over, and how many of them were freed. Equal whenever no method runs.
    private(set) var repliesTaken = 0
    private(set) var repliesFreed = 0

    /// A parser's buffer that is larger than this is freed when it is empty.
    private static let keptCapacity = 1 << 18

    /// Fails only if there is no memory for a parser.
    init?() {
        guard let reader = redisReaderCreate() else { return nil }
        self.reader = reader
        // By default a buffer of more than 16 KiB is freed whenever it is empty: with each answer to a large claim.
        reader.pointee.maxbuf = Self.keptCapacity
    }

    deinit {
        redisReaderFree(reader)
    }

    /// Gives the parser more bytes.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        guard let base = bytes.bindMemory(to: CChar.self).baseAddress, !bytes.isEmpty else { return }
        guard redisReaderFeed(reader, base, bytes.count) == REDIS_OK else { throw violation() }
    }

    /// The next complete reply; nil if more bytes are needed.
    func next() throws(ProtocolViolation) -> RedisReply? {
        var raw: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &raw) == REDIS_OK else { throw violation() }
        guard let raw else { return nil }
        repliesTaken += 1
        defer {
            freeReplyObject(raw)
            repliesFreed += 1
        }
        return try Self.convert(raw.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private func violation() -> ProtocolViolation {
        ProtocolViolation(withUnsafeBytes(of: &reader.pointee.errstr) { Self.text($0) })
    }

    private static func convert(_ reply: redisReply) throws(ProtocolViolation) -> RedisReply {
        switch reply.type {
        case REDIS_REPLY_STRING: return .bytes([UInt8](bytes(of: reply)))
        case REDIS_REPLY_STATUS: return .status(String(decoding: bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(RedisServerError(String(decoding: bytes(of: reply), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: return .integer(Int64(reply.integer))
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY:
            var elements: [RedisReply] = []
            let count = Int(reply.elements)
            elements.reserveCapacity(count)
            for index in 0..<count {
                guard let element = reply.element?[index] else { throw ProtocolViolation("an array is incomplete") }
                elements.append(try convert(element.pointee))
            }
            return .array(elements)
        default: throw ProtocolViolation("a reply has the unknown type \(reply.type)")
        }
    }

    private static func bytes(of reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len))
    }

    /// The text in a fixed buffer of C, which ends at the first NUL or with the buffer.
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Calls `body` with the bytes of a command on the wire; false if it is too large for hiredis.
    static func withFormatted(_ command: RedisCommand, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        let count = command.lengths.count
        guard count > 0, count < Int(Int32.max) else { return false }
        // An empty argument still needs some address, which is not read.
        return withUnsafePointer(to: CChar(0)) { nowhere in
            command.bytes.withUnsafeBytes { bytes in
                command.lengths.withUnsafeBufferPointer { lengths in
                    withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { arguments in
                        var next = bytes.isEmpty ? nowhere : bytes.bindMemory(to: CChar.self).baseAddress ?? nowhere
                        for index in 0..<count {
                            arguments.initializeElement(at: index, to: next)
                            next += lengths[index]
                        }
                        return format(arguments, lengths, body)
                    }
                }
            }
        }
    }

    private static func format(
        _ arguments: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>,
        _ lengths: UnsafeBufferPointer<Int>,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        var formatted: UnsafeMutablePointer<CChar>?
        // The lengths are size_t, which is as wide as Int and never negative here.
        let size = lengths.withMemoryRebound(to: size_t.self) {
            Int(redisFormatCommandArgv(&formatted, Int32(arguments.count), arguments.baseAddress, $0.baseAddress))
        }
        guard let formatted else { return false }
        defer { redisFreeCommand(formatted) }
        guard size > 0 else { return false }
        body(UnsafeRawBufferPointer(start: formatted, count: size))
        return true
    }

    /// Begins to connect without waiting, and hands over the descriptor.
    static func connect(to endpoint: SocketEndpoint) -> Result<Int32, SocketError> {
        let text =
            switch endpoint {
            case .tcp(let address, _): address
            case .unix(let path): path
            }
        // hiredis would cut off what is too long for the system, or what follows a NUL, and connect to something else.
        guard text.utf8.count < 104, !text.utf8.contains(0) else {
            return .failure(SocketError("the address is too long"))
        }
        let context =
            switch endpoint {
            case .tcp(let address, let port): redisConnectNonBlock(address, Int32(port))
            case .unix(let path): redisConnectUnixNonBlock(path)
            }
        guard let context else { return .failure(SocketError("out of memory")) }
        guard context.pointee.err == 0 else {
            let text = withUnsafeBytes(of: &context.pointee.errstr) { Self.text($0) }
            redisFree(context)
            return .failure(SocketError(text))
        }
        let descriptor = Int32(redisFreeKeepFd(context))
        return descriptor >= 0 ? .success(descriptor) : .failure(SocketError("no socket"))
    }
}
