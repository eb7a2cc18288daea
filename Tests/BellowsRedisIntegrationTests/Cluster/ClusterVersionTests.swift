import Bellows
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// Whether a server of a cluster is one that can be used as such.
@Suite(.turn) struct ClusterVersionTests {
    @Test("A cluster that is too old is refused in one clear line; to a new one only its slots are missing")
    func refusesOldClusters() async throws {
        // The user of clusters has rights that an old server does not know.
        let server = try RedisServer.start(arguments: ["--cluster-enabled", "yes"], hasUser: false)
        defer { server.stop() }
        let configuration = try RedisConfiguration.patient("redis-cluster://127.0.0.1:\(server.port)")
        let error = await #expect(throws: BellowsError.self) { try await RedisBackend.connect(configuration) }
        let message = error?.message ?? ""
        #expect(!message.contains("\n"))
        if try ServerFeature.cluster.isThere {
            #expect(error?.code == .unavailable)
            #expect(message.contains("no server of the cluster serves any slot"))
        } else {
            #expect(error?.code == .unsupportedServer)
            #expect(message.contains("too old for a cluster: 7.0.0 or later is needed"))
        }
        let alone = await #expect(throws: BellowsError.self) { try await RedisBackend.connect(server.openURL) }
        #expect(alone?.code == .unsupportedServer)
    }
}
