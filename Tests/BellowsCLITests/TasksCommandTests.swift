import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows tasks`, and payloads of `bellows inspect`.
@Suite(.turn) struct TasksCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    private func objects(_ arguments: String...) async throws -> [[String: Any]] {
        let ending = try await fixture.run(["tasks", fixture.name, "--json"] + arguments)
        #expect(ending.status == 0)
        return try ending.lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test func listsAllStates() async throws {
        let dead = try await fixture.publish("a")
        try await fixture.work("echo why >&2; exit 65")
        let ready = try await fixture.publish("b")
        let delayed = try await fixture.publish("c", "--delay", "1h")
        let tasks = try await objects()
        #expect(tasks.map { $0["id"] as? String } == [ready, delayed, dead])
        #expect(tasks.map { $0["state"] as? String } == ["ready", "delayed", "dead"])
        #expect(tasks[0]["size"] as? Int == 3)
        #expect(tasks[0]["published_at"] is String && tasks[0]["due"] is NSNull)
        #expect(tasks[1]["due"] is String)
        #expect((tasks[2]["last_error"] as? String)?.hasSuffix("why") == true)
        #expect(try await objects("--state", "delayed").count == 1)
        let table = try await fixture.run("tasks", fixture.name).lines
        #expect(table.count == 4)
        #expect(table[0].hasPrefix("ID ") && table[1].hasPrefix(ready))
        #expect(try await fixture.run("tasks", "\(fixture.name).nothing").text.isEmpty)
    }

    @Test func goesOnBehindACursor() async throws {
        var ids: [String] = []
        for payload in ["a", "b", "c", "d", "e"] { ids.append(try await fixture.publish(payload)) }
        var listed: [String] = []
        var after: [String] = []
        for _ in 0..<5 {
            let ending = try await fixture.run(["tasks", fixture.name, "--json", "--limit", "2"] + after)
            var next: String?
            for line in ending.lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                if let id = object?["id"] as? String { listed.append(id) }
                next = object?["next"] as? String
            }
            guard let next else { break }
            after = ["--after", next]
        }
        #expect(listed == ids)
        #expect(try await objects("--all").map { $0["id"] as? String } == ids)
        let table = try await fixture.run("tasks", fixture.name, "--limit", "2").lines
        #expect(table.last?.hasPrefix("there may be more: --after 1,ready,") == true)
    }

    @Test func searches() async throws {
        _ = try await fixture.publish("hay")
        let id = try await fixture.publish("a needle")
        #expect(try await objects("--matching", "needle").map { $0["id"] as? String } == [id])
        #expect(try await objects("--matching", "needle", "--state", "dead").isEmpty)
        #expect(try await objects("--matching", "none").isEmpty)
    }

    @Test(arguments: [
        ["--state", "finished"], ["--limit", "0"], ["--after", "x"], ["--after", "2,ready,1,a,b"], ["--matching", ""],
        ["--all", "--after", "1,ready,1,a,b"],
    ])
    func refuses(_ arguments: [String]) async throws {
        let ending = try await fixture.run(["tasks", fixture.name] + arguments)
        #expect(ending.status == 2)
        #expect(ending.errors.hasPrefix("bellows: "))
    }

    @Test("A cursor of another definition is refused, not misread")
    func refusesForeignCursors() async throws {
        let ending = try await fixture.run("tasks", fixture.name, "--after", "1,ready,1,other,b")
        #expect(ending.status == 2)
        #expect(ending.errors.contains("invalid cursor"))
    }

    @Test func printsPayloads() async throws {
        let id = try await fixture.publish("line\n")
        #expect(try await fixture.run("inspect", fixture.name, id, "--payload").text == "line\n")
        let json = try await fixture.run("inspect", fixture.name, id, "--json", "--with-payload").text
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["payload"] as? String == "line\n")
        #expect(try await fixture.inspect(id)["payload"] == nil)
        #expect(try await fixture.run("inspect", fixture.name, id, "--with-payload").status == 2)
    }
}
