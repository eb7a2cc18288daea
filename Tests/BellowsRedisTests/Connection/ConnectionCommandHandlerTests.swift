import Bellows
import Foundation
import Synchronization
import Testing

@testable import BellowsRedis

@Suite("Commands of a connection")
struct ConnectionCommandHandlerTests {
    private let queue = CommandQueue()
    private let log = OutcomeLog()
    private let start = ContinuousClock.now

    private func admit(_ name: String, after: Duration = .seconds(5)) -> Bool {
        let admission = queue.admit(RedisCommand(name), deadline: start + after) { [log] in log.add(name, $0) }
        switch admission {
        case .taken(let mustWake): return mustWake
        case .failed(let failure):
            log.add(name, .failure(failure))
            return false
        }
    }

    private func makeRole() -> CommandHandler {
        CommandHandler(queue: queue) { _ in }
    }

    private func makeReadyRole(_ output: inout OutputBuffer) -> CommandHandler {
        var handler = makeRole()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&output, now: start)
        return handler
    }

    @Test("a command that cannot be sent is not sent when its time is up; the others stay in order")
    func expiry() {
        var handler = makeRole()
        handler.takeNews(now: start)
        #expect(admit("A", after: .seconds(3)))
        #expect(!admit("B", after: .seconds(1)))
        #expect(!admit("C", after: .seconds(2)))
        handler.takeNews(now: start)
        #expect(handler.nextDeadline == start + .seconds(1))
        #expect(handler.expire(now: start + .milliseconds(999)) == nil)
        #expect(log.all == [])
        #expect(handler.expire(now: start + .seconds(1)) == nil)
        #expect(log.all == ["B not sent"])
        var output = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&output, now: start)
        #expect(output.bytes == [UInt8]("*1\r\n$1\r\nA\r\n*1\r\n$1\r\nC\r\n".utf8))
    }

    @Test("what was sent has an unknown outcome after a loss; what was not waits for the next connection")
    func loss() {
        var handler = makeRole()
        for name in ["A", "B", "C"] { _ = admit(name) }
        handler.connectionBegan(sent: 0, now: start)
        var output = OutputBuffer()
        handler.fill(&output, now: start)
        _ = admit("D")
        // One command and a half have left.
        output.markSent(16)
        handler.connectionEnded("cut", output: output)
        #expect(log.all == ["A unknown"])
        var next = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&next, now: start)
        #expect(next.bytes == [UInt8]("*1\r\n$1\r\nB\r\n*1\r\n$1\r\nC\r\n*1\r\n$1\r\nD\r\n".utf8))
    }

    @Test("replies go to the commands in order; one without a command, or before it was sent, is a violation")
    func replies() {
        var handler = makeRole()
        var output = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        if case .violation = handler.received(.null, sent: 0, now: start) {} else { Issue.record("accepted") }
        for name in ["A", "B"] { _ = admit(name) }
        handler.fill(&output, now: start)
        output.markSent(11)
        _ = handler.received(.integer(1), sent: output.sent, now: start)
        #expect(log.all == ["A 1"])
        if case .violation = handler.received(.integer(2), sent: output.sent, now: start) {
        } else {
            Issue.record("accepted")
        }
        output.markSent(11)
        _ = handler.received(.integer(2), sent: output.sent, now: start)
        #expect(log.all == ["A 1", "B 2"])
        #expect(handler.nextDeadline == nil)
    }

    @Test("ASKING and its command are one, with one reply")
    func asking() {
        var handler = makeRole()
        _ = queue.admit(RedisCommand("A"), isAsking: true, deadline: start + .seconds(5)) { [log] in log.add("A", $0) }
        _ = admit("B")
        var output = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&output, now: start)
        #expect(output.bytes == [UInt8]("*1\r\n$6\r\nASKING\r\n*1\r\n$1\r\nA\r\n*1\r\n$1\r\nB\r\n".utf8))
        output.markSent(output.bytes.count)
        _ = handler.received(.status("OK"), sent: output.sent, now: start)
        #expect(log.all == [])
        _ = handler.received(.integer(1), sent: output.sent, now: start)
        _ = handler.received(.integer(2), sent: output.sent, now: start)
        #expect(log.all == ["A 1", "B 2"])
    }

    @Test("a command with ASKING that was sent in part owes both replies again on the next connection")
    func askingAgain() {
        var handler = makeRole()
        _ = queue.admit(RedisCommand("A"), isAsking: true, deadline: start + .seconds(5)) { [log] in log.add("A", $0) }
        var output = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&output, now: start)
        output.markSent(20)
        _ = handler.received(.status("OK"), sent: output.sent, now: start)
        handler.connectionEnded("cut", output: output)
        _ = admit("B")
        var next = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&next, now: start)
        next.markSent(next.bytes.count)
        for reply in [RedisReply.status("OK"), .integer(1), .integer(2)] {
            _ = handler.received(reply, sent: next.sent, now: start)
        }
        #expect(log.all == ["A 1", "B 2"])
    }

    @Test("an unanswered command ends the connection")
    func timeout() {
        var handler = makeRole()
        _ = admit("A", after: .seconds(1))
        var output = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&output, now: start)
        output.markSent(11)
        #expect(handler.nextDeadline == start + .seconds(1))
        #expect(handler.expire(now: start + .milliseconds(900)) == nil)
        #expect(handler.expire(now: start + .seconds(1)) != nil)
    }

    @Test("a refusal that does not mend itself fails what waits; others do not")
    func refusal() {
        var handler = makeRole()
        _ = admit("A")
        handler.report(.failed(BellowsError(.unavailable, "no")))
        #expect(log.all == [])
        handler.report(.failed(BellowsError(.accessDenied, "no")))
        #expect(log.all == ["A refused accessDenied"])
        _ = admit("B")
        handler.report(.closed)
        _ = admit("C")
        #expect(log.all == ["A refused accessDenied", "B closed", "C closed"])
    }

    @Test("the buffer is bounded in commands and in bytes, and one large command always fits")
    func bounds() {
        let small = CommandQueue(limits: CommandQueue.Limits(count: 3, bytes: 1_000, commandBytes: 2_000))
        #expect(["a", "b", "c", "d"].map { taken(small, RedisCommand($0)) } == [true, true, true, false])
        let empty = CommandQueue(limits: CommandQueue.Limits(count: 3, bytes: 1_000, commandBytes: 2_000))
        var large = RedisCommand()
        large.append([UInt8](repeating: 0, count: 2_000))
        #expect([large, large].map { taken(empty, $0) } == [true, false])
        large.append([0])
        if case .failed(.tooLarge(let count)) = small.admit(large, deadline: start, { _ in }) {
            #expect(count == 2_001)
        } else {
            Issue.record("a command over the limit was taken")
        }
    }

    private func taken(_ queue: CommandQueue, _ command: RedisCommand) -> Bool {
        if case .taken = queue.admit(command, deadline: start, { _ in }) { true } else { false }
    }

    @Test("the I/O thread is woken once, and not at all for what it cannot send")
    func wakeUps() {
        var handler = makeRole()
        var output = OutputBuffer()
        handler.connectionBegan(sent: 0, now: start)
        handler.fill(&output, now: start)
        #expect(admit("A"))
        #expect(!admit("B"))
        handler.takeNews(now: start)
        #expect(!admit("C"))
        #expect(admit("D", after: .seconds(1)))
    }

    @Test("what a caller writes to an idle connection comes before what waits, and gets its own reply")
    func callersWrite() throws {
        let (near, far) = try Self.sockets()
        defer { Self.close(near, far) }
        var output = OutputBuffer()
        var handler = makeReadyRole(&output)
        #expect(!queue.isIdle)
        handler.offer(near)
        #expect(queue.isIdle)
        #expect(admit("A"), "the thread has to learn of it")
        #expect(!queue.isIdle, "only one goes this way before the thread has looked")
        #expect(!admit("B"))
        #expect(Self.read(far) == "*1\r\n$1\r\nA\r\n")

        handler.fill(&output, now: start)
        #expect(output.bytes == [UInt8]("*1\r\n$1\r\nB\r\n".utf8))
        #expect(output.sent == 11, "what the caller wrote counts")
        output.markSent(11)
        for number in 1...2 {
            _ = handler.received(.integer(Int64(number)), sent: output.sent, now: start)
        }
        #expect(log.all == ["A 1", "B 2"])
    }

    @Test("a reply that is faster than the thread finds its command, and a loss is told to the caller")
    func callersWriteFast() throws {
        let (near, far) = try Self.sockets()
        defer { Self.close(near, far) }
        var output = OutputBuffer()
        var handler = makeReadyRole(&output)
        handler.offer(near)
        _ = admit("A")
        handler.takeOver(&output)
        _ = handler.received(.integer(1), sent: output.sent, now: start)
        #expect(handler.expectsAnswer == false)

        handler.offer(near)
        _ = admit("B")
        handler.connectionEnds()
        handler.takeOver(&output)
        handler.connectionEnded("cut", output: output)
        #expect(log.all == ["A 1", "B unknown"])
        #expect(!queue.isIdle)
        _ = admit("C")
        #expect(Self.read(far) == "*1\r\n$1\r\nA\r\n*1\r\n$1\r\nB\r\n", "nobody writes to a lost connection")
    }

    @Test("what belongs together goes out together, also on an idle connection")
    func together() throws {
        let (near, far) = try Self.sockets()
        defer { Self.close(near, far) }
        var output = OutputBuffer()
        var handler = makeReadyRole(&output)
        handler.offer(near)
        queue.hold()
        _ = admit("A")
        handler.fill(&output, now: start)
        #expect(output.isEmpty, "the thread was faster than the caller")
        _ = admit("B")
        #expect(!queue.release(), "the thread was told with B")
        handler.fill(&output, now: start)
        #expect(output.bytes == [UInt8]("*1\r\n$1\r\nA\r\n*1\r\n$1\r\nB\r\n".utf8))
        output.markSent(output.bytes.count)

        queue.hold()
        _ = admit("C")
        handler.fill(&output, now: start)
        #expect(output.isEmpty)
        #expect(queue.release(), "nobody else tells the thread of C")
        handler.fill(&output, now: start)
        #expect(output.bytes == [UInt8]("*1\r\n$1\r\nC\r\n".utf8))
    }

    private static func sockets() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        return (ends[0], ends[1])
    }

    private static func close(_ descriptors: Int32...) {
        for descriptor in descriptors { Socket.close(descriptor) }
    }

    private static func read(_ descriptor: Int32) -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
        defer { buffer.deallocate() }
        guard case .moved(let count) = Socket.receive(descriptor, into: buffer) else { return "" }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// What became of commands.
private final class OutcomeLog: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ name: String, _ result: Result<RedisReply, CommandFailure>) {
        let text =
            switch result {
            case .success(.integer(let number)): "\(number)"
            case .success: "?"
            case .failure(.notSent): "not sent"
            case .failure(.outcomeUnknown): "unknown"
            case .failure(.refused(let code, _)): "refused \(code)"
            case .failure(.closed): "closed"
            case .failure(.tooLarge): "too large"
            }
        lines.withLock { $0.append("\(name) \(text)") }
    }
}
