/// Takes the parts of a record one after the other and trusts none of them.
struct RecordReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func byte() throws(UnreadableRecordError) -> UInt8 {
        guard position < bytes.count else { throw UnreadableRecordError.malformed("the record is cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() throws(UnreadableRecordError) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let byte = try byte()
            let part = UInt64(byte & 0x7F)
            guard shift < 63 || part <= 1 else { break }
            result |= part << shift
            if byte & 0x80 == 0 { return result }
        }
        throw UnreadableRecordError.malformed("a number in the record is too long")
    }

    mutating func text() throws(UnreadableRecordError) -> String {
        let count = try number()
        guard count <= UInt64(bytes.count - position) else {
            throw UnreadableRecordError.malformed("the record is cut off")
        }
        let end = position + Int(count)
        defer { position = end }
        guard let text = String(validating: bytes[position..<end], as: UTF8.self) else {
            throw UnreadableRecordError.malformed("a header in the record is not UTF-8")
        }
        return text
    }

    /// A duration in milliseconds; one that no duration can hold is the longest that can be.
    mutating func duration() throws(UnreadableRecordError) -> Duration {
        .milliseconds(Int64(clamping: try number()))
    }

    /// Everything that was not taken yet.
    mutating func rest() -> [UInt8] {
        defer { position = bytes.count }
        return Array(bytes[position...])
    }
}
