/// One of the 16,384 parts of the key space of a Redis Cluster.
struct HashSlot: Hashable, Sendable {
    /// How many there are.
    static let count = 16_384

    /// 0 to 16,383.
    let number: Int

    /// The slot with a number; nil if there is none.
    init?(number: Int) {
        guard (0..<Self.count).contains(number) else { return nil }
        self.number = number
    }

    /// The slot of a key or of a channel: of what stands between its first braces, if anything does.
    init(of key: String) {
        let bytes = key.utf8
        var tag = bytes[...]
        if let open = bytes.firstIndex(of: UInt8(ascii: "{")) {
            let rest = bytes[bytes.index(after: open)...]
            if let close = rest.firstIndex(of: UInt8(ascii: "}")), close != rest.startIndex { tag = rest[..<close] }
        }
        number = Int(Self.checksum(tag)) % Self.count
    }

    /// CRC-16/XMODEM, as the specification of Redis Cluster asks for.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var sum: UInt16 = 0
        for byte in bytes { sum = sum << 8 ^ table[Int(sum >> 8 ^ UInt16(byte))] }
        return sum
    }

    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
    }
}
