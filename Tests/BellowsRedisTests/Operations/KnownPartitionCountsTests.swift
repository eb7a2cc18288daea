import Bellows
import BellowsRuntime
import BellowsTesting
import Testing

@testable import BellowsRedis

/// Who asks the store for a number of partitions, and who waits for the answer.
@Suite struct KnownPartitionCountsTests {
    private let partitions: TaskPartitions
    private let counts = KnownPartitionCounts()

    init() throws {
        partitions = TaskPartitions(unchecked: try TaskName("a"), count: 2)
    }

    @Test("Those who come while the store is asked go on in their order, behind the one who asks")
    func keepsTheOrder() async throws {
        let (questions, events) = (EventProbe<Int>(), EventProbe<Int>())
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)
        for number in 0..<5 {
            EventLoop.shared.start { [counts, partitions] in
                let result = await Result(calling: { () async throws(BellowsError) in
                    try await counts.compare(partitions) {
                        questions.record(number)
                        for await _ in answers { break }
                    }
                })
                if case .success = result { events.record(number) }
            }
        }
        try await questions.wait(forCount: 1)
        // One that comes in the same turn as the answer.
        EventLoop.shared.start { [counts, partitions] in
            answer.yield()
            let result = await Result(calling: { () async throws(BellowsError) in
                try await counts.compare(partitions) { questions.record(5) }
            })
            if case .success = result { events.record(5) }
        }
        try await events.wait(forCount: 6)
        #expect(events.events == [0, 1, 2, 3, 4, 5])
        #expect(questions.events == [0])
    }

    @Test("An error is everybody's, and the next one asks again")
    func sharesErrors() async throws {
        let refusal = BellowsError(.accessDenied, "no")
        for _ in 0..<2 {
            await #expect(throws: refusal) {
                try await counts.compare(partitions) { () async throws(BellowsError) in throw refusal }
            }
        }
        try await counts.compare(partitions) {}
        try await counts.compare(partitions) { Issue.record("known already") }
        counts.forgetAll()
        let asked = EventProbe<Void>()
        try await counts.compare(partitions) { asked.record(()) }
        #expect(asked.events.count == 1)
    }
}
