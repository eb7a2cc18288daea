import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows doctor` against servers of each kind.
@Suite(.turn) struct DoctorCommandTests {
    @Test func praisesADurableServer() async throws {
        let server = try RedisServer.start(arguments: ["--appendonly", "yes", "--maxmemory", "1gb"])
        defer { server.stop() }
        let result = try await BellowsProcess.run(["doctor"], url: server.url)
        #expect(result.status == 0)
        #expect(result.lines.count == 2)
        #expect(result.lines.last?.hasPrefix("durability: level 2 of 3") == true)
        // The server's own name and version, as it says them itself.
        let own = try RedisProbe(port: server.port).command("INFO", "server").text ?? ""
        let isValkey = own.contains("server_name:valkey")
        let line = own.split(whereSeparator: \.isNewline).first {
            $0.hasPrefix(isValkey ? "valkey_version:" : "redis_version:")
        }
        let version = try #require(line?.split(separator: ":").last)
        #expect(result.lines.first?.hasPrefix("\(isValkey ? "Valkey" : "Redis") \(version) at 127.0.0.1") == true)
    }

    @Test(arguments: [["CONFIG"], ["INFO"], ["SCRIPT"], ["CONFIG", "INFO", "SCRIPT"]])
    func tellsTheRestOfAServerThatLacksCommands(commands: [String]) async throws {
        let renames = commands.flatMap { ["--rename-command", $0, ""] }
        let server = try RedisServer.start(arguments: ["--appendonly", "yes"] + renames, hasUser: false)
        defer { server.stop() }
        let result = try await BellowsProcess.run(["doctor"], url: server.openURL)
        #expect(result.errors.isEmpty)
        #expect(result.lines.count >= 2)
        #expect(result.lines[1].hasPrefix(commands.count == 3 ? "durability: unknown" : "durability: level 2 of 3"))
        #expect(result.text.contains("does not run INFO") == commands.contains("INFO"))
        #expect(result.status == (commands.contains("INFO") ? 1 : 0))
    }

    @Test func aUserWithoutAPasswordIsNotTheDefaultUser() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        try probe.command("ACL", "SETUSER", "limited", "on", "nopass", "+auth", "+client|setname")
        let url = "redis://limited@127.0.0.1:\(server.port)"
        let limited = try await BellowsProcess.run(["publish", "q", "x"], url: url)
        #expect(limited.status == 69)
        try probe.command("ACL", "SETUSER", "limited", "resetpass", ">word", "+@all", "allkeys", "allchannels")
        let refused = try await BellowsProcess.run(["publish", "q", "x"], url: url)
        #expect(refused.status == 69)
        #expect(refused.errors.contains("without a password"))
    }

    @Test func warnsOfAVolatileServer() async throws {
        let url = try RedisServer.shared.get().url
        let result = try await BellowsProcess.run(["doctor", "--json"], url: url)
        #expect(result.status == 1)
        let facts = try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
        #expect(facts["level"] as? Int == 0)
        let findings = try #require(facts["findings"] as? [[String: String]])
        #expect(findings.first?["severity"] == "warning")
    }

    @Test func namesDataOfAnOlderLayout() async throws {
        let server = try RedisServer.start(arguments: ["--appendonly", "yes", "--maxmemory", "1gb"])
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        for name in ["images", "mails"] { try probe.command("HSET", "bellows:1:{\(name)}:p", "id", "record") }
        let left = try await BellowsProcess.run(["doctor"], url: server.url)
        #expect(left.status == 1)
        #expect(left.text.contains("warning: data of layout 1 is left that this build does not read: images, mails."))
        try probe.command("SET", "bellows:layout", "1")
        let refused = try await BellowsProcess.run(["doctor"], url: server.url)
        #expect(refused.text.contains("refusal: the key bellows:layout names another layout than 2"))
        #expect(try probe.command("DBSIZE") == .integer(3), "a diagnosis changes nothing")
    }

    @Test func looksAtAReplicaToo() async throws {
        let primary = try RedisServer.start()
        defer { primary.stop() }
        let replica = try RedisServer.start(arguments: ["--replicaof", "127.0.0.1", "\(primary.port)"])
        defer { replica.stop() }
        let result = try await BellowsProcess.run(["doctor"], url: replica.url)
        #expect(result.status == 1)
        #expect(result.text.contains("refusal: Redis is a replica"))
    }

    @Test func worksForAUserWhoMayNotAsk() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        try RedisProbe(port: server.port).command(
            "ACL",
            "SETUSER",
            "low",
            "on",
            ">word",
            "+auth",
            "+client|setname",
            "+ping"
        )
        let url = "redis://low@127.0.0.1:\(server.port)"
        let result = try await BellowsProcess.run(["doctor"], url: url, environment: ["BELLOWS_REDIS_PASSWORD": "word"])
        #expect(result.status == 1)
        #expect(result.text.contains("does not run INFO"))
        let wrong = try await BellowsProcess.run(
            ["doctor"],
            url: url,
            environment: ["BELLOWS_REDIS_PASSWORD": "hidden"]
        )
        #expect(wrong.status == 69)
        #expect(!wrong.errors.contains("hidden"))
    }

    @Test func refusesFilesForAnAddressThatIsNotEncrypted() async throws {
        let url = try RedisServer.shared.get().url
        for name in ["BELLOWS_REDIS_CA", "BELLOWS_REDIS_CERT", "BELLOWS_REDIS_KEY"] {
            let result = try await BellowsProcess.run(["doctor"], url: url, environment: [name: "/some/file"])
            #expect(result.status == 2)
            #expect(result.errors.contains("\(name) is set"))
        }
    }
}
