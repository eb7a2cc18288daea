import Testing

@testable import Bellows

@Suite struct SignalBufferTests {
    private func drain(_ buffer: inout SignalBuffer) -> [BackendSignal] {
        var signals: [BackendSignal] = []
        while let signal = buffer.take() { signals.append(signal) }
        return signals
    }

    @Test func keepsOneOfEachKindInOrder() throws {
        var buffer = SignalBuffer()
        let (a, b) = (try TaskName("a"), try TaskName("b"))
        let id = try TaskID("x")
        for _ in 1...100 {
            buffer.add(.available(a))
            buffer.add(.resultReady(id, of: a))
            buffer.add(.available(b))
        }
        #expect(drain(&buffer) == [.available(a), .resultReady(id, of: a), .available(b)])
        #expect(buffer.take() == nil)
    }

    @Test("It keeps each cancellation once, and so many at most; what is left out shows with the next renewal")
    func boundsCancellations() throws {
        var buffer = SignalBuffer()
        let notices = try (0...SignalBuffer.maximumCancellations).map { number in
            CancellationNotice(
                name: try TaskName("a"),
                id: try TaskID("\(number)"),
                token: LeaseToken("t\(number)"),
                reason: "why"
            )
        }
        for notice in notices + notices { buffer.add(.cancellation(notice)) }
        #expect(drain(&buffer) == notices.dropLast().map { .cancellation($0) })
        buffer.add(.cancellation(notices[0]))
        #expect(drain(&buffer) == [.cancellation(notices[0])], "there is space again")
    }

    @Test func resweepGoesFirst() throws {
        var buffer = SignalBuffer()
        let name = try TaskName("a")
        buffer.add(.available(name))
        buffer.add(.checkEverything)
        buffer.add(.checkEverything)
        #expect(drain(&buffer) == [.checkEverything, .available(name)])
    }

    @Test func earliestDueTimeWins() throws {
        var buffer = SignalBuffer()
        let name = try TaskName("a")
        for seconds in [5, 2, 9] { buffer.add(.due(name, in: .seconds(seconds))) }
        #expect(drain(&buffer) == [.due(name, in: .seconds(2))])
        buffer.add(.due(name, in: .seconds(7)))
        #expect(drain(&buffer) == [.due(name, in: .seconds(7))], "a read time is forgotten")
    }
}
