import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows reschedule` and `bellows update`.
@Suite(.turn) struct ChangeCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func reschedules() async throws {
        let id = try await fixture.publish("a")
        let later = try await fixture.run("reschedule", fixture.name, id, "--delay", "10m")
        #expect(later.status == 0 && later.text == "\(id) done\n")
        #expect(try await fixture.run("stats", fixture.name, "--json").text.contains(#""ready":0,"delayed":1"#))
        let now = try await fixture.run("reschedule", fixture.name, id, "nobody", "--now", "--json")
        #expect(now.status == 1)
        #expect(now.lines == [#"{"id":"\#(id)","outcome":"done"}"#, #"{"id":"nobody","outcome":"unknown"}"#])
        #expect(try await fixture.work("cat").status == 0)
        #expect(try await fixture.run("stats", fixture.name, "--json").text.contains(#""finished_total":1"#))
    }

    @Test func updates() async throws {
        let id = try await fixture.publish("before")
        let updated = try await fixture.run("update", fixture.name, id, "--payload-file", "-", input: "after")
        #expect(updated.status == 0 && updated.errors.isEmpty)
        #expect(try await fixture.run("inspect", fixture.name, id, "--payload").text == "after")
        let missing = try await fixture.run("update", fixture.name, "nobody", "--payload-file", "/dev/null")
        #expect(missing.status == 1 && missing.errors.contains("has no task nobody"))
        #expect(try await fixture.work("cat").status == 0)
        let late = try await fixture.run("update", fixture.name, id, "--payload-file", "/dev/null")
        #expect(late.status == 1)
    }

    @Test(
        arguments: [
            ["reschedule", "n", "a"], ["reschedule", "n", "--now"], ["reschedule", "n", "a", "--now", "--delay", "1s"],
            ["reschedule", "n", "a", "--delay", "99999d"], ["update", "n", "a"],
        ]
    )
    func refuses(_ arguments: [String]) async throws {
        #expect(try await fixture.run(arguments).status == 2)
    }
}
