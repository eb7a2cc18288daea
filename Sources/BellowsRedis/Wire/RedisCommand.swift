/// One command: its arguments one after the other in a flat buffer, and where each of them ends.
struct RedisCommand: Sendable {
    /// All arguments, without separators.
    private(set) var bytes: [UInt8] = []
    /// The length of each argument.
    private(set) var lengths: [Int] = []

    init(reservingBytes: Int = 0) {
        bytes.reserveCapacity(reservingBytes)
        lengths.reserveCapacity(8)
    }

    init(_ parts: String...) {
        self.init(parts)
    }

    init(_ parts: [String]) {
        self.init(reservingBytes: parts.reduce(0) { $0 + $1.utf8.count })
        for part in parts { append(part) }
    }

    /// The bytes of all arguments.
    var byteCount: Int { bytes.count }

    mutating func append(_ text: String) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        lengths.append(bytes.count - start)
    }

    mutating func append(_ bytes: [UInt8]) {
        self.bytes.append(contentsOf: bytes)
        lengths.append(bytes.count)
    }

    /// Appends a number in decimal digits.
    mutating func append(_ number: Int64) {
        let start = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[start...].reverse()
        lengths.append(bytes.count - start)
    }
}
