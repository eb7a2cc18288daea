import Testing

@testable import BellowsRedis

@Suite("Reply decoder")
struct ConnectionReplyDecoderTests {
    private func decode(_ bytes: [UInt8], chunk: Int = .max, maximum: Int = 1 << 20) throws -> [RedisReply] {
        let decoder = try #require(ReplyDecoder(maximumReplyBytes: maximum))
        var replies: [RedisReply] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(chunk, bytes.count - start)
            try bytes[start..<end].withUnsafeBytes { piece in
                try decoder.decode(piece) { reply in
                    replies.append(reply)
                    return true
                }
            }
            start = end
        }
        #expect(decoder.driver.repliesTaken == decoder.driver.repliesFreed)
        return replies
    }

    @Test("all kinds of replies, whole and in pieces", arguments: [1, 2, 3, 7, Int.max])
    func kinds(_ chunk: Int) throws {
        let text =
            "+OK\r\n-ERR no\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n*0\r\n$5\r\na\r\nb\0\r\n"
            + "*3\r\n:1\r\n*2\r\n$1\r\nx\r\n*1\r\n+y\r\n$-1\r\n:9223372036854775807\r\n"
        let expected: [RedisReply] = [
            .status("OK"), .error(RedisServerError("ERR no")), .integer(-42), .null, .null, .bytes([]), .array([]),
            .bytes([97, 13, 10, 98, 0]),
            .array([.integer(1), .array([.bytes([120]), .array([.status("y")])]), .null]), .integer(.max),
        ]
        #expect(try decode([UInt8](text.utf8), chunk: chunk) == expected)
    }

    @Test("invalid UTF-8 and NUL stay as they are in strings, and are replaced in texts")
    func bytes() throws {
        #expect(try decode([36, 52, 13, 10, 0, 255, 0xC3, 0x28, 13, 10]) == [.bytes([0, 255, 0xC3, 0x28])])
        #expect(try decode([43, 255, 0, 13, 10]) == [.status("\u{FFFD}\0")])
    }

    @Test(
        "hostile frames end the connection before anything is allocated for them",
        arguments: [
            "*2147483647\r\n", "*9999999999999999999\r\n", "$9223372036854775807\r\n", "$2147483648\r\n",
            "*1000001\r\n",
            "*-2\r\n", "$-2\r\n", "$-9223372036854775808\r\n", "*\r\n", "$\r\n", "$a\r\n", "$1\n", "$1\r1", "$-\r\n",
            "$1\r\nab", "$1\r\na\rb", "HTTP/1.1 400\r\n", "%1\r\n", ">2\r\n", "_\r\n", "#t\r\n", "\r\n", "\0", ":x\r\n",
            ":99999999999999999999999\r\n", "$+1\r\n", "*+1\r\n",
            "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
            "*2\r\n*600000\r\n*600000\r\n", "*600000\r\n*600000\r\n", "$1048577\r\n",
            "+" + String(repeating: "x", count: 70_000), ":" + String(repeating: "1", count: 70_000),
        ]
    )
    func hostile(_ frame: String) {
        for chunk in [1, 5, Int.max] {
            #expect(throws: ProtocolViolation.self) { try decode([UInt8](frame.utf8), chunk: chunk) }
        }
    }

    @Test("limits are exact")
    func limits() throws {
        let body = String(repeating: "a", count: 100)
        let fits = [UInt8]("$100\r\n\(body)\r\n".utf8)
        #expect(try decode(fits + fits, maximum: fits.count).count == 2)
        #expect(throws: ProtocolViolation.self) { try decode(fits, maximum: fits.count - 1) }
        let deep = String(repeating: "*1\r\n", count: ReplyScanner.maximumDepth) + ":1\r\n"
        #expect(try decode([UInt8](deep.utf8)).count == 1)
        let many = [UInt8]("*200000\r\n".utf8) + Array(repeating: [UInt8](":1\r\n".utf8), count: 200_000).joined()
        #expect(try decode(many).count == 1)
    }

    @Test("10^5 random frames neither trap, hang nor leak")
    func random() async throws {
        var random = SplitMix(seed: 20_260_101)
        let alphabet = [UInt8]("*$:+-0123456789\r\n\r\n\r\nab\0".utf8)
        var decoder = try #require(ReplyDecoder(maximumReplyBytes: 4_096))
        var violations = 0
        for round in 0..<100_000 {
            // Other tests have deadlines, and there are only as many threads as cores.
            if round.isMultiple(of: 500) { await Task.yield() }
            let count = Int(random.next() % 24) + 1
            var frame = (0..<count).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            if random.next() % 2 == 0 { frame = [UInt8]("*2\r\n$3\r\nabc\r\n:5\r\n".utf8).shuffledOnce(&random) }
            do {
                try frame.withUnsafeBytes { bytes in try decoder.decode(bytes) { _ in true } }
            } catch is ProtocolViolation {
                violations += 1
                #expect(decoder.driver.repliesTaken == decoder.driver.repliesFreed)
                decoder = try #require(ReplyDecoder(maximumReplyBytes: 4_096))
            }
        }
        #expect(violations > 1_000)
        #expect(decoder.driver.repliesTaken == decoder.driver.repliesFreed)
    }
}

extension [UInt8] {
    /// The bytes with one of them changed.
    fileprivate func shuffledOnce(_ random: inout SplitMix) -> [UInt8] {
        var result = self
        result[Int(random.next() % UInt64(count))] = UInt8(truncatingIfNeeded: random.next())
        return result
    }
}
