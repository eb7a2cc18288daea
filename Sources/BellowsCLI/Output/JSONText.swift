/// One value of JSON, written on one line with its keys in the given order. Small enough to need no library, and it
/// writes nulls, so that the keys of an object are always the same.
enum JSONText {
    case null
    case number(Int)
    case string(String)
    case bool(Bool)
    case object([(key: String, value: JSONText)])
    case array([JSONText])

    /// A string, or null.
    static func optional(_ text: String?) -> JSONText {
        text.map { .string($0) } ?? .null
    }

    /// The text of the value.
    var text: String {
        switch self {
        case .null: "null"
        case .number(let number): String(number)
        case .string(let string): Self.quoted(string)
        case .bool(let value): value ? "true" : "false"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // Control characters, and the two line separators that JavaScript's older parsers choke on.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONText {
    /// The member for bytes such as a result: text if it is valid UTF-8, base 64 under another name otherwise.
    static func bytes(_ key: String, _ bytes: [UInt8]) -> (key: String, value: JSONText) {
        if let text = String(validating: bytes, as: UTF8.self) { return (key, .string(text)) }
        return ("\(key)_base64", .string(base64(bytes)))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                text.append(digit <= group.count ? alphabet[value >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
