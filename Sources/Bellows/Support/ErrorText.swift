/// Turns errors into text that is fit for a log line and a stored record.
package enum ErrorText {
    /// One line of text; control characters and line separators are escaped.
    package static func describe(_ error: any Error) -> String {
        sanitize(String(describing: error))
    }

    /// Escapes what could break a line of a log or a terminal.
    package static func sanitize(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: mustEscape) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if mustEscape(scalar) {
                result += scalar == "\n" ? "\\n" : "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}
