import Testing

@testable import BellowsRedis

@Suite("Redis command")
struct RedisCommandTests {
    private func onWire(_ command: RedisCommand) -> [UInt8]? {
        var bytes: [UInt8] = []
        return HiredisDriver.withFormatted(command) { bytes = [UInt8]($0) } ? bytes : nil
    }

    @Test("arguments of any bytes are carried by length")
    func format() {
        var command = RedisCommand("SET", "é")
        command.append([0, 255, 13, 10, 0xC3, 0x28])
        command.append("")
        let expected = [UInt8]("*4\r\n$3\r\nSET\r\n$2\r\né\r\n$6\r\n".utf8) + [0, 255, 13, 10, 0xC3, 0x28]
        #expect(onWire(command) == expected + [UInt8]("\r\n$0\r\n\r\n".utf8))
        #expect(command.byteCount == 11)
    }

    @Test("a command of empty arguments has nothing to point at")
    func emptyArguments() {
        #expect(onWire(RedisCommand("", "")) == [UInt8]("*2\r\n$0\r\n\r\n$0\r\n\r\n".utf8))
        #expect(onWire(RedisCommand()) == nil)
    }

    @Test("numbers", arguments: [0, 7, -1, 10, 1_000_000, Int64.max, Int64.min])
    func numbers(_ number: Int64) {
        var command = RedisCommand("X")
        command.append(number)
        #expect(String(decoding: command.bytes, as: UTF8.self) == "X\(number)")
        #expect(command.lengths == [1, "\(number)".utf8.count])
    }
}
