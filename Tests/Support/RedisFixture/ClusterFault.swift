import Foundation

/// One fault of a cluster without replicas, as a nemesis does it.
public enum ClusterFault: String, CaseIterable, Sendable {
    case moveSlot, killServer, stopServer, killConnections, flushScripts, fillMemory

    /// Does it, and undoes what does not end by itself.
    ///
    /// - Parameters:
    ///   - group: the cluster. Its servers should have append-only files, because they may be killed.
    ///   - key: a key; the server that keeps it is the one that suffers.
    ///   - generator: chooses where a slot goes.
    ///   - duration: for how long.
    public func perform(
        on group: ClusterGroup,
        key: String,
        using generator: inout some RandomNumberGenerator,
        for duration: Duration
    ) async throws {
        let server = try group.primary(of: key)
        switch self {
        case .moveSlot:
            let others = try group.primaries().filter { $0 !== server }
            if let target = others.randomElement(using: &generator) { try group.moveSlot(of: key, to: target) }
        case .killServer:
            server.kill()
            try await Task.sleep(for: duration)
            try server.restart()
            try group.waitUntilWhole()
        case .stopServer:
            server.suspend()
            try await Task.sleep(for: duration)
            server.resume()
            try group.waitUntilWhole()
        case .killConnections:
            let probe = try RedisProbe(port: server.port)
            for type in ["normal", "pubsub"] { try probe.command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes") }
        case .flushScripts: try RedisProbe(port: server.port).command("SCRIPT", "FLUSH")
        case .fillMemory: try await server.fillMemory(for: duration)
        }
    }
}
