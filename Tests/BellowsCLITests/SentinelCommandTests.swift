import Foundation
import RedisFixture
import TestTurns
import Testing

/// The commands against Sentinels.
@Suite(.clusterTurn) struct SentinelCommandTests {
    @Test func takesThePasswordOfTheSentinels() async throws {
        let group = try SentinelGroup(password: "hush")
        defer { group.stop() }
        let name = "BELLOWS_SENTINEL_PASSWORD"
        let right = try await BellowsProcess.run(["publish", "q", "x"], url: group.url, environment: [name: "hush"])
        #expect(right.status == 0)
        let wrong = try await BellowsProcess.run(["publish", "q", "x"], url: group.url, environment: [name: "loud"])
        #expect(wrong.status == 69)
        #expect(!wrong.errors.contains("loud"))
        let work = try await BellowsProcess.run(
            ["work", "q", "--until-empty", "--", "/bin/sh", "-c", "env >&2; exit 65"],
            url: group.url,
            environment: [name: "hush"]
        )
        #expect(work.status == 1, "a task died")
        let dead = try await BellowsProcess.run(["dead", "list", "q"], url: group.url, environment: [name: "hush"])
        #expect(dead.text.contains("PATH=") && !dead.text.contains("hush"))
    }
}
