import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

/// Servers that lack commands, as managed services do: what they would tell is unknown, and work goes on.
@Suite(.turn) struct RedisRenamedCommandTests {
    @Test(
        "Tasks run, and the diagnosis tells the rest",
        arguments: [["CONFIG"], ["INFO"], ["SCRIPT"], ["CONFIG", "INFO", "SCRIPT", "CLIENT"]]
    )
    func worksWithout(commands: [String]) async throws {
        let server = try RedisServer.start(
            arguments: ["--appendonly", "yes"] + commands.flatMap { ["--rename-command", $0, ""] },
            hasUser: false
        )
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.openURL)
        defer { backend.close() }
        let name = try TaskName("renamed")
        let running = WorkerDispatcher(backend, handlers: TaskHandler(name: name) { payload, _ in payload }).launch()
        let options = PublishOptions(resultRetention: .seconds(600), announcesResult: true)
        let published = try await backend.publish([PublishRequest(payload: [7], options: options)], to: name)[0]
        #expect(try await backend.awaitResult(of: published.id, run: published.run, in: name) == [7])
        running.cancel()
        let diagnosis = try await RedisBackend.diagnose(try RedisConfiguration(url: server.openURL))
        #expect((diagnosis.version == nil) == commands.contains("INFO"))
        // CONFIG tells what INFO would have told, and the other way round.
        #expect(diagnosis.level == (commands.count > 1 ? nil : .appendOnly))
        #expect(diagnosis.clockSkew != nil)
    }

    @Test("A command without which nothing works is named, without what was sent with it")
    func namesWhatIsMissing() async throws {
        let server = try RedisServer.start(arguments: ["--rename-command", "HSET", ""], hasUser: false)
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.openURL)
        defer { backend.close() }
        let error = await #expect(throws: BellowsError.self) {
            try await backend.publish([PublishRequest(payload: [7])], to: try TaskName("renamed"))
        }
        #expect(error?.code == .unsupportedServer)
        #expect(error?.message.contains("lacks a command") == true)
    }
}
