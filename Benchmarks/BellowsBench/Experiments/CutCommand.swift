import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// Under load: CLIENT KILL of all connections every 200 ms, or SCRIPT FLUSH every 50 ms.
struct CutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cut")

    @Option(help: "For how many seconds.") var seconds = 30
    @Flag(help: "SCRIPT FLUSH instead of CLIENT KILL.") var scripts = false

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let load = try await Load(url: server.url)
        let probe = try RedisProbe(port: server.port)
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if scripts {
                _ = try probe.command("SCRIPT", "FLUSH")
                try await Task.sleep(for: .milliseconds(50))
            } else {
                for type in ["normal", "pubsub"] {
                    _ = try probe.command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes")
                }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        try await load.finish(scripts ? "script-flush" : "client-kill").print()
    }
}
