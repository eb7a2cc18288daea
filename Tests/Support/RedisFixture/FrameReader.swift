/// Cuts a stream of bytes into whole replies. For servers that are trusted.
struct FrameReader {
    private var buffer: [UInt8] = []

    mutating func feed(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    /// The next whole reply and its bytes; nil if there is none yet.
    mutating func next() -> (reply: ProbeReply, bytes: [UInt8])? {
        var position = 0
        guard let reply = parse(&position) else { return nil }
        let bytes = [UInt8](buffer[..<position])
        buffer.removeFirst(position)
        return (reply, bytes)
    }

    private func parse(_ position: inout Int) -> ProbeReply? {
        guard position < buffer.count, let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        let type = buffer[position]
        let line = String(decoding: buffer[(position + 1)..<max(position + 1, end - 1)], as: UTF8.self)
        position = end + 1
        switch type {
        case UInt8(ascii: "+"): return .status(line)
        case UInt8(ascii: "-"): return .error(line)
        case UInt8(ascii: ":"): return .integer(Int64(line) ?? 0)
        case UInt8(ascii: "$"): return parseBytes(Int(line) ?? -1, &position)
        default: return parseArray(Int(line) ?? -1, &position)
        }
    }

    private func parseBytes(_ count: Int, _ position: inout Int) -> ProbeReply? {
        guard count >= 0 else { return .null }
        guard buffer.count >= position + count + 2 else { return nil }
        defer { position += count + 2 }
        return .bytes([UInt8](buffer[position..<position + count]))
    }

    private func parseArray(_ count: Int, _ position: inout Int) -> ProbeReply? {
        guard count >= 0 else { return .null }
        var elements: [ProbeReply] = []
        for _ in 0..<count {
            guard let element = parse(&position) else { return nil }
            elements.append(element)
        }
        return .array(elements)
    }
}
