import Bellows
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// Calls that come at the same time go out together.
@Suite(.turn) struct RedisBatchingTests {
    @Test("A thousand concurrent publishes take few calls, and each gets its own answer")
    func publishes() async throws {
        let server = try RedisServer.start()
        let bench = try await BackendBench("batch", server: server)
        try bench.probe.command("CONFIG", "RESETSTAT")
        let answers = try await withThrowingTaskGroup(of: (Int, PublishedTask).self) { group in
            for number in 0..<1000 {
                group.addTask {
                    let id = try TaskID("t\(number % 500)")
                    return (number % 500, try await bench.publish([1], PublishOptions(id: id)))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.1.id.rawValue == "t\($0.0)" })
        #expect(answers.filter { $0.1.disposition == .new }.count == 500)
        #expect(answers.filter { $0.1.disposition == .alreadyPublished }.count == 500)
        #expect(try await bench.backend.statistics(of: bench.name).ready == 500)
        let stats = try bench.probe.command("INFO", "commandstats").text ?? ""
        let line = stats.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_evalsha:calls=") } ?? ""
        let calls = line.split(separator: "=").dropFirst().first?.split(separator: ",").first.flatMap { Int($0) }
        #expect(try #require(calls) < 500)
    }

    @Test("Concurrent finishes each learn their own outcome")
    func finishes() async throws {
        let bench = try await BackendBench("finishes")
        for _ in 0..<3 { try await bench.publish() }
        var tasks: [ClaimedTask] = []
        while tasks.count < 3 { tasks += try await bench.claim(100) }
        let stale = Lease(
            name: bench.name,
            kind: .published,
            id: tasks[0].id,
            token: LeaseToken("1:other"),
            duration: BackendBench.lease
        )
        let leases = tasks.map(\.lease) + [stale]
        let outcomes = try await withThrowingTaskGroup(of: (Int, LeaseOutcome).self) { group in
            for (number, lease) in leases.enumerated() {
                group.addTask {
                    (number, try await bench.backend.finish([FinishRequest(lease: lease)], in: bench.name)[0])
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes == [0: .done, 1: .done, 2: .done, 3: .leaseLost])
    }

    @Test("Large payloads and odd ids come back as they were", arguments: [5_000, 5_001, 65_536, 1 << 20])
    func sizes(size: Int) async throws {
        let bench = try await BackendBench("sizes")
        let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for id in ["9007199254740993", "9223372036854775808", "1e300", "0x10", "inf", "nan"] {
            try await bench.publish(payload, PublishOptions(id: try TaskID(id)))
        }
        var tasks: [ClaimedTask] = []
        while tasks.count < 6 { tasks += try await bench.claim(6) }
        #expect(Set(tasks.map(\.id.rawValue)).count == 6)
        #expect(tasks.allSatisfy { $0.record.payload == payload })
        #expect(try await bench.finish(tasks) == .init(repeating: .done, count: 6))
    }
}
