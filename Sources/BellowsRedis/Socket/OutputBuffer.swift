/// Bytes on their way to a socket. What was sent is skipped by an offset and never moved.
struct OutputBuffer {
    /// More than this is given back to the system once it was sent.
    private static let keptCapacity = 1 << 20

    /// Whole commands.
    private(set) var bytes: [UInt8] = []
    private var offset = 0
    /// How many bytes this connection has sent before those in ``bytes``.
    private var base = 0

    /// How many bytes this connection has sent altogether.
    var sent: Int { base + offset }
    /// Whether everything was sent.
    var isEmpty: Bool { offset == bytes.count }

    /// Makes room for the next commands after everything was sent, and lets `body` fill it.
    mutating func refill(_ body: (inout [UInt8]) -> Void) {
        guard isEmpty else { return }
        base += offset
        offset = 0
        if bytes.capacity > Self.keptCapacity { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
        body(&bytes)
    }

    /// Sends as much as the socket takes in one call.
    mutating func send(to descriptor: Int32) -> Socket.Outcome {
        let outcome = bytes.withUnsafeBytes { bytes in
            Socket.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        }
        if case .moved(let count) = outcome { markSent(count) }
        return outcome
    }

    /// Lends the next bytes that are to be sent.
    func withUnsent<Answer>(atMost count: Int, _ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
        bytes.withUnsafeBytes { bytes in
            body(UnsafeRawBufferPointer(rebasing: bytes[offset..<min(bytes.count, offset + count)]))
        }
    }

    /// Notes bytes that somebody else has sent. Everything of our own was sent before them.
    mutating func markSentByOthers(_ count: Int) {
        base += count
    }

    /// Notes that the socket has taken more bytes.
    mutating func markSent(_ count: Int) {
        offset += count
    }

    /// The bytes from a position in the connection's stream on.
    func bytes(from position: Int) -> ArraySlice<UInt8> {
        bytes[max(0, min(position - base, bytes.count))...]
    }
}
