import Bellows
import BellowsRedis
import Foundation
import RedisFixture
import TestTurns
import Testing

/// The server may forget its scripts at any time.
@Suite(.turn) struct RedisScriptCacheTests {
    @Test("A storm of SCRIPT FLUSH is not noticed")
    func storm() async throws {
        let server = try RedisServer.start()
        let bench = try await BackendBench("storm", server: server)
        // On a thread of its own: a loop that blocks has no place in the pool that runs the tests. Each round lets it
        // flush so many times: without an end it would keep two processors busy, here and in the server.
        let stop = StopFlag()
        let rounds = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while true {
                rounds.wait()
                guard !stop.isSet else { return }
                for _ in 0..<20 {
                    do { try bench.probe.command("SCRIPT", "FLUSH") } catch { return }
                }
            }
        }
        defer {
            stop.set()
            rounds.signal()
        }
        for _ in 0..<200 {
            rounds.signal()
            try await bench.publish()
            let tasks = try await bench.claim()
            #expect(try await bench.finish(tasks) == [.done])
        }
        #expect(try await bench.backend.statistics(of: bench.name).finishedTotal == 200)
    }

    @Test("A user who may run scripts but not load them is served")
    func withoutLoading() async throws {
        let server = try RedisServer.start()
        let admin = try RedisProbe(port: server.port)
        try admin.command(
            "ACL",
            "SETUSER",
            "worker",
            "on",
            ">secret",
            "~bellows:*",
            "resetchannels",
            "&bellows:*",
            "+@all",
            "-script",
            "-info"
        )
        let url = server.openURL.replacing("redis://", with: "redis://worker:secret@")
        let bench = try await BackendBench("acl", server: server, url: url)
        try await bench.publish()
        #expect(try await bench.finish(try await bench.claim()) == [.done])
    }

    @Test("A user without the channels is served too, but hears nothing")
    func withoutChannels() async throws {
        let server = try RedisServer.start()
        let admin = try RedisProbe(port: server.port)
        try admin.command("ACL", "SETUSER", "worker", "on", ">secret", "~bellows:*", "resetchannels", "+@all")
        let url = server.openURL.replacing("redis://", with: "redis://worker:secret@")
        let bench = try await BackendBench("channels", server: server, url: url)
        try await bench.publish([1], PublishOptions(resultRetention: .seconds(60), announcesResult: true))
        #expect(try await bench.finish(try await bench.claim()) == [.done])
    }
}
