import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows stats`, `inspect` and `dead`, and what goes wrong with servers and addresses.
@Suite(.turn) struct OperateCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func counts() async throws {
        _ = try await fixture.publish("a")
        _ = try await fixture.publish("b", "--delay", "1h")
        let one = try await fixture.run("stats", fixture.name, "--json")
        let expected =
            #"{"name":"\#(fixture.name)","ready":1,"delayed":1,"leased":0,"dead":0,"finished_total":0,"#
            + #""failed_attempts_total":0,"cancelled_total":0,"trimmed_total":0,"paused":false,"#
            + #""pause_note":null,"paused_until":null}"# + "\n"
        #expect(one.text == expected)
        #expect(try await fixture.run("stats", "--json").text.contains(expected))
        let table = try await fixture.run("stats", fixture.name)
        #expect(table.lines.count == 2)
        let row = table.lines[1].split(separator: " ").map(String.init)
        #expect(row == [fixture.name, "1", "1", "0", "0", "0", "0", "0", "0"])
        #expect(try await fixture.run("stats", "\(fixture.name).unknown").status == 0)
    }

    @Test func inspects() async throws {
        let id = try await fixture.publish("abc")
        let facts = try await fixture.inspect(id)
        #expect(facts["id"] as? String == id)
        #expect(facts["attempt"] as? Int == 0)
        #expect(facts["payload_size"] as? Int == 3)
        #expect(facts["lease"] is NSNull && facts["last_error"] is NSNull)
        let unknown = try await fixture.run("inspect", fixture.name, "nobody")
        #expect(unknown.status == 1)
        #expect(unknown.errors == "bellows: \(fixture.name) has no task nobody\n")
    }

    @Test func operatesDeadLetters() async throws {
        var ids: [String] = []
        for payload in ["a", "b", "c"] { ids.append(try await fixture.publish(payload)) }
        try await fixture.work("echo why >&2; exit 65")
        let list = try await fixture.run("dead", "list", fixture.name)
        #expect(list.lines.count == 4)
        #expect(list.lines.dropFirst().allSatisfy { $0.hasSuffix("exit code 65: why") })
        let json = try await fixture.run("dead", "list", fixture.name, "--json")
        #expect(json.lines.count == 3)

        #expect(try await fixture.run("dead", "retry", fixture.name, ids[0]).text == "1 retried\n")
        #expect(try await fixture.inspect(ids[0])["state"] as? String != "dead")
        let mixed = try await fixture.run("dead", "delete", fixture.name, ids[0], ids[1])
        #expect(mixed.status == 1)
        #expect(mixed.text == "1 deleted\n")
        #expect(mixed.errors == "bellows: \(fixture.name) has no dead letter \(ids[0])\n")
        #expect(try await fixture.run("dead", "retry", fixture.name, "--all").text == "1 retried\n")
        #expect(try await fixture.run("dead", "delete", fixture.name, "--all").text == "0 deleted\n")
        #expect(try await fixture.run("dead", "list", fixture.name).lines.count == 1)
    }

    @Test func separatesPrefixes() async throws {
        // The user that is described has one prefix only.
        let fixture = CommandLineFixture(url: try RedisServer.shared.get().openURL)
        let id = try await fixture.run("publish", fixture.name, "x", "--prefix", "other").lines[0]
        #expect(try await fixture.run("inspect", fixture.name, id).status == 1)
        #expect(try await fixture.run("--prefix", "other", "inspect", fixture.name, id).status == 0)
        #expect(try await fixture.run("inspect", fixture.name, id, "--prefix", "a b").status == 2)
    }

    @Test(arguments: [
        "http://localhost", "redis://", "localhost:6379", "redis://127.0.0.1:99999", "redis://u:hidden@127.0.0.1:x",
        "rediss://:hidden@127.0.0.1/x", "redis://:hidden@127.0.0.1/x", "",
    ])
    func refusesMalformedAddresses(_ url: String) async throws {
        let result = try await fixture.run("stats", "--redis", url)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("bellows: "))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!result.errors.contains("hidden"))
    }

    @Test func tellsWhenRedisIsAway() async throws {
        for command in [["stats"], ["publish", "q", "x"], ["work", "q", "--", "true"]] {
            let result = try await BellowsProcess.run(command, url: "unix:///nonexistent/socket")
            #expect(result.status == 69)
            #expect(result.errors.hasPrefix("bellows: "))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func takesThePasswordFromTheEnvironment() async throws {
        let server = try RedisServer.start(arguments: ["--requirepass", "hush hush"])
        defer { server.stop() }
        let right = try await BellowsProcess.run(
            ["publish", "q", "x"],
            url: server.openURL,
            environment: ["BELLOWS_REDIS_PASSWORD": "hush hush"]
        )
        #expect(right.status == 0)
        let wrong = try await BellowsProcess.run(
            ["publish", "q", "x"],
            url: server.openURL,
            environment: ["BELLOWS_REDIS_PASSWORD": "wrong one"]
        )
        #expect(wrong.status == 69)
        #expect(!wrong.errors.contains("wrong one"))
        #expect(wrong.errors.split(separator: "\n").count == 1)
        let none = try await BellowsProcess.run(["stats"], url: server.openURL)
        #expect(none.status == 69)
        let work = try await BellowsProcess.run(
            ["work", "q", "--until-empty", "--", "/bin/sh", "-c", "env; exit 65"],
            url: server.openURL,
            environment: ["BELLOWS_REDIS_PASSWORD": "hush hush"]
        )
        #expect(work.status == 1, "the task died")
        let reason = try await BellowsProcess.run(
            ["dead", "list", "q"],
            url: server.openURL,
            environment: ["BELLOWS_REDIS_PASSWORD": "hush hush"]
        )
        #expect(!reason.text.contains("hush hush"))
    }

    @Test func printsHelpAndVersion() async throws {
        #expect(try await fixture.run("--version").text.contains("."))
        #expect(try await fixture.run("--help").text.contains("publish"))
        #expect(try await fixture.run("help", "work").text.contains("COMMAND"))
        #expect(try await fixture.run("--generate-completion-script", "bash").text.contains("bellows"))
        for wrong in [[], ["nonsense"], ["stats", "--nonsense"]] {
            let result = try await BellowsProcess.run(wrong, url: fixture.url)
            #expect(result.status == 2)
            #expect(result.errors.hasPrefix("bellows: "))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }
}
