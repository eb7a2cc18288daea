/// What a server answered to a ``RedisProbe``.
public enum ProbeReply: Sendable, Equatable {
    /// A string of any bytes.
    case bytes([UInt8])
    /// A short status.
    case status(String)
    /// An error text.
    case error(String)
    /// A number.
    case integer(Int64)
    /// Nothing.
    case null
    /// Several replies.
    case array([ProbeReply])

    /// The reply as a number; nil for everything else.
    public var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The bytes of a string; nil for everything else.
    public var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    /// The parts of an array; nil for everything else.
    public var elements: [ProbeReply]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The reply as text; nil for arrays and for nothing.
    public var text: String? {
        switch self {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text), .error(let text): text
        case .integer(let number): String(number)
        case .null, .array: nil
        }
    }
}
