import Bellows
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// Somebody else's data under our keys.
@Suite(.turn) struct RedisForeignDataTests {
    /// What each verb does with a definition one of whose keys is foreign: a typed error, or its work.
    private func exercise(_ bench: BackendBench, on name: TaskName) async -> Set<BellowsError.Code?> {
        let lease = Lease(
            name: name,
            kind: .published,
            id: TaskID(),
            token: LeaseToken("1:x"),
            duration: BackendBench.lease
        )
        var codes: Set<BellowsError.Code?> = []
        func note(_ body: () async throws -> Void) async {
            do {
                try await body()
                codes.insert(nil)
            } catch let error as BellowsError {
                codes.insert(error.code)
            } catch {
                Issue.record(error)
            }
        }
        let backend = bench.backend
        let options = PublishOptions(id: lease.id, resultRetention: .seconds(60))
        await note { _ = try await backend.publish([PublishRequest(payload: [1])], to: name) }
        await note { _ = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name) }
        await note {
            let options = PublishOptions(availability: .after(.seconds(60)))
            _ = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)
        }
        for selection in [ClaimRequest.Selection.earliest(2), .id(lease.id), .singleton] {
            await note {
                _ = try await backend.claim(ClaimRequest(name: name, selection: selection, lease: BackendBench.lease))
            }
        }
        await note { _ = try await backend.renew([lease], in: name) }
        await note { _ = try await backend.finish([FinishRequest(lease: lease)], in: name) }
        await note { _ = try await backend.fail([FailRequest(lease: lease, disposition: .dead, error: "x")], in: name) }
        await note { _ = try await backend.release([lease], in: name) }
        await note { _ = try await backend.result(of: [ResultQuery(id: lease.id)], in: name) }
        await note { _ = try await backend.statistics(of: name) }
        return codes
    }

    @Test(
        "A key of the wrong type gives a typed error, and other definitions go on",
        arguments: [
            "records", "line", "delayed", "leases", "tokens", "wants", "dead", "singleton", "meta",
        ]
    )
    func wrongType(key: String) async throws {
        let bench = try await BackendBench("foreign-\(key)")
        // No key of ours is of this type.
        try bench.probe.command("PFADD", bench.key(key), "x")
        if ["line", "leases", "delayed", "dead"].contains(key) {
            try bench.probe.command("DEL", bench.key(key))
            try bench.probe.command("SET", bench.key(key), "foreign")
        }
        let codes = await exercise(bench, on: bench.name)
        #expect(codes.contains(.invalidData))
        #expect(codes.subtracting([.invalidData, nil]).isEmpty)
        let other = try await BackendBench("healthy")
        try await other.publish()
        #expect(try await other.finish(try await other.claim()) == [.done])
    }

    @Test("A finish that a foreign key stops leaves every task leased", arguments: ["errors", "delayed"])
    func leavesTheLease(key: String) async throws {
        let bench = try await BackendBench("stopped-\(key)")
        for _ in 0..<2 { try await bench.publish() }
        let tasks = try await bench.claim(2)
        // So that there is an error to forget: the second attempt of the first one.
        let failed = FailRequest(lease: tasks[0].lease, disposition: .retry(.now), error: "x")
        #expect(try await bench.backend.fail([failed], in: bench.name) == [.done])
        let again = try await bench.claim(1) + [tasks[1]]
        try bench.probe.command("DEL", bench.key(key))
        try bench.probe.command("SET", bench.key(key), "foreign")
        let requests = again.map { task in
            FinishRequest(
                lease: task.lease,
                nextRun: key == "delayed" && task.id == tasks[0].id ? .after(.seconds(60)) : nil
            )
        }
        let code = try await BackendBench.code { _ = try await bench.backend.finish(requests, in: bench.name) }
        #expect(code == .invalidData)
        #expect(try bench.probe.command("ZCARD", bench.key("leases")) == .integer(2))
        try bench.probe.command("DEL", bench.key(key))
        #expect(try await bench.backend.finish(requests, in: bench.name) == [.done, .done])
    }

    @Test("Refused by a foreign list, a publish leaves nothing behind")
    func leavesNothing() async throws {
        let bench = try await BackendBench("whole")
        try bench.probe.command("SET", bench.key("line"), "foreign")
        #expect(try await BackendBench.code { try await bench.publish() } == .invalidData)
        #expect(try bench.probe.command("EXISTS", bench.key("records")) == .integer(0))
    }

    @Test("Who does not know what a claimer has to know is told so, and gets nothing")
    func needsNewerClaimer() async throws {
        let bench = try await BackendBench("rules")
        let id = try await bench.publish().id
        try bench.probe.command("ZADD", bench.key("leases"), "-inf", "~7")
        #expect(try await BackendBench.code { _ = try await bench.claim() } == .layoutMismatch)
        let byID = ClaimRequest(name: bench.name, selection: .id(id), lease: BackendBench.lease)
        #expect(try await BackendBench.code { _ = try await bench.backend.claim(byID) } == .layoutMismatch)
        let statistics = try await bench.backend.statistics(of: bench.name)
        #expect(statistics == TaskStatistics(ready: 1))
    }

    @Test("A closed definition hands out nothing, and the result of a cancelled task says so")
    func closed() async throws {
        let bench = try await BackendBench("closed")
        let id = try await bench.publish([1], PublishOptions(id: try TaskID("given"))).id
        try bench.probe.command("SET", bench.key("door"), "why", "PX", "60000")
        try bench.probe.command("ZADD", bench.key("leases"), "-inf", "~")
        #expect(try await bench.claim() == [])
        let request = ClaimRequest(name: bench.name, selection: .id(id), lease: BackendBench.lease)
        guard case .unavailable(.after) = try await bench.backend.claim(request) else {
            Issue.record("it was handed out")
            return
        }
        try bench.probe.command("SET", bench.key("r given"), "C-:asked to")
        let lookup = try await bench.backend.result(of: [ResultQuery(id: id)], in: bench.name)
        #expect(lookup == [.cancelled(reason: "asked to")])
        await #expect(throws: TaskAwaitError.self) { try await bench.backend.awaitResult(of: id, in: bench.name) }
    }

    @Test("Data of another layout is refused at connect, and not touched")
    func layout() async throws {
        let server = try RedisServer.start()
        let probe = try RedisProbe(port: server.port)
        try probe.command("SET", "bellows:layout", "1")
        let code = try await BackendBench.code { _ = try await RedisBackend.connect(.patient(server.url)) }
        #expect(code == .layoutMismatch)
        #expect(try probe.command("GET", "bellows:layout").text == "1")
    }

    @Test(
        "Text that looks like commands, Lua or a protocol stays text",
        arguments: [
            #"]] redis.call('FLUSHALL') --[["#, "'..redis.call('FLUSHALL')..'", "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
            "%s%n%d", "\0\0",
        ]
    )
    func runsNothing(text: String) async throws {
        let bench = try await BackendBench("injected")
        let witness = "bellows:witness:\(bench.name)"
        try bench.probe.command("SET", witness, "there")
        let bytes = Array(text.utf8)
        let request = PublishRequest(
            payload: bytes,
            options: PublishOptions(headers: ["key": text], resultRetention: .seconds(60))
        )
        let published = try await bench.backend.publish([request], to: bench.name)[0]
        let tasks = try await bench.claim()
        #expect(tasks.map(\.record.payload) == [bytes])
        #expect(tasks.first?.record.headers == ["key": text])
        #expect(try await bench.finish(tasks, result: bytes) == [.done])
        #expect(
            try await bench.backend.result(of: [ResultQuery(id: published.id)], in: bench.name) == [.finished(bytes)]
        )
        let doomed = try await bench.publish(bytes)
        let failures = try await bench.claim().map { FailRequest(lease: $0.lease, disposition: .dead, error: text) }
        #expect(try await bench.backend.fail(failures, in: bench.name) == [.done])
        #expect(try await bench.backend.deadLetters(of: bench.name, offset: 0, limit: 9).map(\.id) == [doomed.id])
        #expect(try bench.probe.command("GET", witness).text == "there")
    }
}
