import Testing

@testable import BellowsCLI

@Suite struct InputTests {
    private func lines(_ text: String, pieces: Int, limit: Int = 100) -> [LineSplitter.Line] {
        var splitter = LineSplitter(limit: limit)
        var lines: [LineSplitter.Line] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            lines += splitter.append(Array(bytes[start..<min(start + pieces, bytes.count)]))
        }
        if let last = splitter.finish() { lines.append(last) }
        return lines
    }

    @Test(arguments: [1, 2, 3, 100])
    func splitsWhateverThePieces(_ pieces: Int) {
        #expect(lines("", pieces: pieces) == [])
        #expect(lines("a\nb", pieces: pieces) == ["a", "b"].map { .bytes(Array($0.utf8)) })
        #expect(lines("a\nb\n", pieces: pieces) == ["a", "b"].map { .bytes(Array($0.utf8)) })
        #expect(lines("\n\n", pieces: pieces) == [.bytes([]), .bytes([])])
        #expect(lines("a\r\n\0\n", pieces: pieces) == [.bytes([97, 13]), .bytes([0])])
        #expect(
            lines("1234\n12345\nx", pieces: pieces, limit: 4) == [
                .bytes(Array("1234".utf8)), .tooLong(5), .bytes([120]),
            ]
        )
    }

    @Test func ordersReports() {
        var buffer = OrderedBuffer<String>()
        #expect(buffer.insert("b", at: 1) == [])
        #expect(buffer.insert("c", at: 2) == [])
        #expect(buffer.insert("a", at: 0) == ["a", "b", "c"])
        #expect(buffer.insert("d", at: 3) == ["d"])
        #expect(buffer.insert("f", at: 5) == [])
        #expect(buffer.insert(nil, at: 4) == ["f"], "a number without a value holds nobody up")
    }

    @Test func batchesByRoom() {
        var batches = PublishBatches()
        batches.append((0..<250).map { .bytes([UInt8($0)]) })
        #expect(batches.next(room: 0) == nil)
        #expect(batches.next(room: 3) == .publish([[0], [1], [2]], first: 0))
        #expect(batches.next(room: 1000) == .publish((3..<250).map { [UInt8($0)] }, first: 3))
        #expect(batches.count == 0)

        var large = PublishBatches()
        large.append([.bytes([1]), .tooLong(2_000_000), .bytes([])])
        #expect(large.next(room: 10) == .publish([[1]], first: 0))
        #expect(large.next(room: 10) == .refuse(size: 2_000_000, number: 1))
        #expect(large.next(room: 10) == .publish([[]], first: 2))
        #expect(large.next(room: 10) == nil)
    }

    @Test(arguments: [
        Array("plain".utf8), Array("grüße 👋".utf8), [0xFF], [0x61, 0xC3, 0x28, 0xE9], [0xF0, 0x9F, 0x91],
        [0xED, 0xA0, 0x80], [0xC0, 0x80], [],
    ])
    func keepsArgumentsByteForByte(_ bytes: [UInt8]) {
        #expect(RawArguments.bytes(of: RawArguments.string(from: bytes)) == bytes)
    }
}
