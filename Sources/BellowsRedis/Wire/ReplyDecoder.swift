/// Turns incoming bytes into replies: the scanner bounds them, then hiredis parses them.
final class ReplyDecoder {
    /// hiredis moves the unread rest to the front after each reply, so it gets small pieces.
    private static let pieceSize = 16 << 10

    private var scanner: ReplyScanner
    let driver: HiredisDriver

    /// Fails only if there is no memory for a parser.
    init?(maximumReplyBytes: Int) {
        guard let driver = HiredisDriver() else { return nil }
        self.driver = driver
        scanner = ReplyScanner(maximumBytes: maximumReplyBytes)
    }

    /// Decodes bytes, and calls `body` for each reply that they complete.
    ///
    /// - Parameters:
    ///   - bytes: what was received.
    ///   - body: takes a reply; returns false to stop.
    func decode(_ bytes: UnsafeRawBufferPointer, _ body: (RedisReply) -> Bool) throws(ProtocolViolation) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.pieceSize)
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            try scanner.scan(piece)
            try driver.feed(piece)
            while let reply = try driver.next() {
                guard body(reply) else { return }
            }
            start = end
        }
    }
}
