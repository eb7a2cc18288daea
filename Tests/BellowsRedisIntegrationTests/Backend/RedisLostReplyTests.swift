import Bellows
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// The server has done its work, and the answer is lost.
@Suite(.turn) struct RedisLostReplyTests {
    private func bench(_ label: String) async throws -> (BackendBench, FaultProxy) {
        let proxy = try FaultProxy(forwardingTo: try RedisServer.shared.get().port)
        return (try await BackendBench(label, url: proxy.url), proxy)
    }

    @Test("A publish is stored once")
    func publish() async throws {
        let (bench, proxy) = try await bench("publish")
        for _ in 0..<5 {
            proxy.dropNextReply()
            #expect(try await bench.publish().disposition == .new)
        }
        #expect(try await bench.backend.statistics(of: bench.name).ready == 5)
    }

    @Test("A publish with the caller's id is new once")
    func publishWithID() async throws {
        let (bench, proxy) = try await bench("publish-id")
        proxy.dropNextReply()
        let options = PublishOptions(id: try TaskID("named"))
        #expect(try await bench.publish([1], options).disposition == .new)
        #expect(try await bench.publish([1], options).disposition == .alreadyPublished)
    }

    @Test("A claim gets what its first delivery took, with the attempt counted once")
    func claim() async throws {
        let (bench, proxy) = try await bench("claim")
        for _ in 0..<3 { try await bench.publish() }
        proxy.dropNextReply()
        let tasks = try await bench.claim(2)
        #expect(tasks.count == 2)
        #expect(tasks.allSatisfy { $0.attempt == 1 })
        #expect(try await bench.backend.statistics(of: bench.name).leased == 2)
        #expect(try await bench.finish(tasks) == [.done, .done])
    }

    @Test("So do a claim by id and one of the singleton")
    func claimOne() async throws {
        let (bench, proxy) = try await bench("claim-one")
        let id = try await bench.publish().id
        for selection in [ClaimRequest.Selection.id(id), .singleton] {
            proxy.dropNextReply()
            let request = ClaimRequest(name: bench.name, selection: selection, lease: BackendBench.lease)
            guard case .claimed(let tasks, _) = try await bench.backend.claim(request) else {
                throw FixtureFailure("not claimed")
            }
            #expect(tasks.map(\.attempt) == [1])
        }
    }

    @Test("A finish, a failure report and a release are done, not lost")
    func ends() async throws {
        let (bench, proxy) = try await bench("ends")
        for _ in 0..<3 { try await bench.publish() }
        let tasks = try await bench.claim(3)
        proxy.dropNextReply()
        #expect(try await bench.finish([tasks[0]]) == [.done])
        proxy.dropNextReply()
        let report = FailRequest(lease: tasks[1].lease, disposition: .dead, error: "why")
        #expect(try await bench.backend.fail([report], in: bench.name) == [.done])
        proxy.dropNextReply()
        #expect(try await bench.backend.release([tasks[2].lease], in: bench.name) == [.done])
        let counts = try await bench.backend.statistics(of: bench.name)
        #expect(counts.finishedTotal == 1)
        #expect(counts.failedAttemptsTotal == 1)
        #expect(counts.delayed == 1)
        #expect(counts.leased == 0)
    }
}
