/// The command line byte for byte.
///
/// An argument need not be valid UTF-8: a payload is raw bytes, and file names may be Latin-1. Swift's strings cannot
/// hold such bytes and its list of arguments replaces them. Here each invalid byte becomes one private character,
/// which is turned back when the bytes are wanted.
enum RawArguments {
    /// U+10FF00 + byte: the end of the last private plane, which nobody assigns.
    private static let base: UInt32 = 0x10FF00

    /// The arguments of this process, without its name.
    static var ofProcess: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { argument in
                var bytes: [UInt8] = []
                var next = argument
                while next.pointee != 0 {
                    bytes.append(UInt8(bitPattern: next.pointee))
                    next += 1
                }
                return string(from: bytes)
            }
        }
    }

    /// The text for bytes, valid or not.
    static func string(from bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var scalars = String.UnicodeScalarView()
        var rest = bytes[...]
        while let first = rest.first {
            // The longest valid sequence at this place, if any.
            let length = (1...4).last { length in
                length <= rest.count && isOneScalar(rest.prefix(length))
            }
            if let length {
                scalars.append(contentsOf: String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars)
            } else if let scalar = Unicode.Scalar(base + UInt32(first)) {
                scalars.append(scalar)
            }
            rest = rest.dropFirst(length ?? 1)
        }
        return String(scalars)
    }

    /// The bytes that a text made by ``string(from:)`` stands for.
    static func bytes(of text: String) -> [UInt8] {
        guard text.unicodeScalars.contains(where: { $0.value >= base }) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in
            (base + 0x80...base + 0xFF).contains(scalar.value)
                ? [UInt8(scalar.value - base)] : Array(String(scalar).utf8)
        }
    }

    private static func isOneScalar(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self)?.unicodeScalars.count == 1
    }
}
