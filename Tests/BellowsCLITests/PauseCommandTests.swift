import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows pause` and `bellows resume`.
@Suite(.turn) struct PauseCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func pausesAndResumes() async throws {
        let pause = try await fixture.run("pause", fixture.name, "--note", "gateway is down")
        #expect(pause.text == "\(fixture.name) is paused until somebody resumes it; running tasks that go on: 0\n")
        _ = try await fixture.publish("a")
        let stats = try await fixture.run("stats", fixture.name, "--json").text
        #expect(stats.contains(#""paused":true,"pause_note":"gateway is down","paused_until":null"#))
        #expect(try await fixture.run("stats", fixture.name).text.contains("paused: gateway is down"))
        let work = try await fixture.work("cat")
        #expect(work.status == 75)
        #expect(work.errors.contains("\(fixture.name) is paused and 1 task waits: see bellows resume \(fixture.name)"))
        #expect(try await fixture.run("resume", fixture.name).text == "\(fixture.name) is resumed\n")
        let again = try await fixture.run("resume", fixture.name)
        #expect(again.status == 0 && again.text == "\(fixture.name) was not paused\n")
        #expect(try await fixture.work("cat").status == 0)
        #expect(try await fixture.run("stats", fixture.name, "--json").text.contains(#""paused":false"#))
    }

    @Test func endsByItself() async throws {
        _ = try await fixture.publish("a")
        #expect(try await fixture.run("pause", fixture.name, "--for", "300ms").status == 0)
        // A worker that is there when it opens does not have to be told.
        let worker = try fixture.start("work", fixture.name, "--", "cat")
        defer { worker.signal(SIGKILL) }
        try await FixtureWait.until("the task is done") {
            try await fixture.run("stats", fixture.name, "--json").text.contains(#""finished_total":1"#)
        }
    }

    @Test(arguments: [["--for", "0s"], ["--for", "x"], ["--note", String(repeating: "n", count: 1001)]])
    func refuses(_ arguments: [String]) async throws {
        #expect(try await fixture.run(["pause", fixture.name] + arguments).status == 2)
    }
}
