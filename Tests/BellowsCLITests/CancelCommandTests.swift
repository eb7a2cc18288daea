import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows cancel`.
@Suite(.turn) struct CancelCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func cancelsWhatWaits() async throws {
        let id = try await fixture.publish("a")
        let cancelled = try await fixture.run("cancel", fixture.name, id, "--reason", "not needed")
        #expect(cancelled.status == 0 && cancelled.text == "\(id) cancelled\n")
        let awaited = try await fixture.run("await", fixture.name, id, "--timeout", "10s")
        #expect(awaited.status == 1 && awaited.errors.contains("not needed"))
        let seen = try await fixture.run("inspect", fixture.name, id, "--json").text
        #expect(seen.contains(#""state":"cancelled""#) && seen.contains(#""cancel_reason":"not needed""#))
        let unknown = try await fixture.run("cancel", fixture.name, "nobody", "--json")
        #expect(unknown.status == 1 && unknown.text == #"{"id":"nobody","outcome":"unknown"}"# + "\n")
        #expect(try await fixture.run("stats", fixture.name, "--json").text.contains(#""cancelled_total":1"#))
    }

    @Test("A command that runs gets TERM; one that ignores it is killed after its grace")
    func endsCommands() async throws {
        let worker = try fixture.start(
            "work",
            fixture.name,
            "--grace",
            "200ms",
            "--",
            "sh",
            "-c",
            "trap '' TERM; echo begun >&2; sleep 60"
        )
        defer { worker.signal(SIGKILL) }
        let id = try await fixture.publish("a")
        try await FixtureWait.until("the command runs") {
            try await fixture.run("stats", fixture.name, "--json").text.contains(#""leased":1"#)
        }
        let cancelled = try await fixture.run("cancel", fixture.name, id, "--wait", "60s")
        #expect(cancelled.status == 0 && cancelled.text == "\(id) cancelled\n")
        let stats = try await fixture.run("stats", fixture.name, "--json").text
        #expect(stats.contains(#""ready":0,"delayed":0,"leased":0,"dead":0"#))
    }

    @Test func cancelsAll() async throws {
        for number in 0..<5 { _ = try await fixture.publish("needle \(number)") }
        _ = try await fixture.run("publish", fixture.name, "later", "--delay", "10m")
        let matching = try await fixture.run("cancel", fixture.name, "--all", "--matching", "needle 3")
        #expect(matching.text == "1 cancelled, 0 asked to stop, 0 missed\n")
        let delayed = try await fixture.run("cancel", fixture.name, "--all", "--state", "delayed", "--json")
        #expect(delayed.text == #"{"cancelled":1,"requested":0,"missed":0}"# + "\n")
        let rest = try await fixture.run("cancel", fixture.name, "--all")
        #expect(rest.status == 0 && rest.text == "4 cancelled, 0 asked to stop, 0 missed\n")
        #expect(try await fixture.run("check", fixture.name).status == 0)
    }

    @Test(
        arguments: [
            [], ["a", "--all"], ["a", "--state", "ready"], ["--all", "--state", "dead"], ["--all", "--wait", "1s"],
            ["a", "--reason", String(repeating: "r", count: 1001)], ["--all", "--matching", ""],
        ]
    )
    func refuses(_ arguments: [String]) async throws {
        #expect(try await fixture.run(["cancel", fixture.name] + arguments).status == 2)
    }
}
