import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension RedisReply {
    /// The error for a reply that no script of ours gives.
    static func unexpected(from script: RedisScript) -> BellowsError {
        BellowsError(.invalidData, "unexpected reply from the script \(script.rawValue)")
    }

    /// The error for a reply that Redis never gives to a command.
    static func unexpected(to command: String) -> BellowsError {
        BellowsError(.invalidData, "unexpected reply to \(command)")
    }

    /// The date that milliseconds of the server's clock mean.
    static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// Bytes, or nil for anything else.
    var asBytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    /// Text, or nil for anything else. What is not UTF-8 is replaced, so use it only for what we wrote.
    var asText: String? {
        switch self {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        default: nil
        }
    }

    /// A number, also one in decimal digits; nil for anything else.
    var asNumber: Int64? {
        if case .integer(let number) = self { number } else { asText.flatMap { Int64($0) } }
    }

    /// A date from milliseconds; nil for anything else.
    var asMilliseconds: Duration? { asNumber.map { .milliseconds($0) } }

    /// The parts of an array, or nil for anything else.
    var asArray: [RedisReply]? {
        if case .array(let parts) = self { parts } else { nil }
    }
}
