import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows check`: what it prints and how it ends.
@Suite(.turn) struct CheckCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func saysThatAllIsWell() async throws {
        _ = try await fixture.publish("a")
        let result = try await fixture.run("check", fixture.name)
        #expect(result.text == "1 definitions, 1 tasks, 0 singletons, 0 stale hints: 0 violations\n")
        #expect(result.status == 0)
    }

    @Test func namesViolations() async throws {
        let id = try await fixture.publish("a")
        let probe = try RedisProbe(port: try RedisServer.shared.get().port)
        try probe.command("DEL", "bellows:2:{\(fixture.name)}:line")
        let result = try await fixture.run("check", fixture.name)
        #expect(result.status == 1)
        #expect(result.lines.first == "unreachable \(fixture.name) \(id): ready, but the list does not name it")
        let json = try await fixture.run("check", fixture.name, "--json", "--limit", "0")
        #expect(json.status == 1)
        let facts = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
        #expect(facts["violation_count"] as? Int == 1)
        #expect((facts["violations"] as? [Any])?.isEmpty == true)
        #expect(try await fixture.run("check", "--limit", "-1").status == 2)
    }
}
