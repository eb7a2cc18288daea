import Foundation

/// One fault of a store or of the way to it, as a nemesis does it.
public enum StoreFault: String, CaseIterable, Sendable {
    case killServer, stopServer, killConnections, flushScripts, fillMemory
    case cut, reset, halfClose, stall, stallRequests, stallReplies, dropReply, singleBytes, swallowMessages
    case delay, refuse, swallowConnections

    /// Does it, and undoes what does not end by itself.
    ///
    /// - Parameters:
    ///   - server: the store. It should have an append-only file, because it may be killed.
    ///   - proxy: one of the ways to it.
    ///   - duration: for how long.
    public func perform(on server: RedisServer, _ proxy: FaultProxy, for duration: Duration) async throws {
        switch self {
        case .killServer:
            server.kill()
            try await Task.sleep(for: duration / 3)
            try server.restart()
        case .stopServer:
            server.suspend()
            try await Task.sleep(for: duration / 3)
            server.resume()
        case .killConnections:
            let probe = try RedisProbe(port: server.port)
            for type in ["normal", "pubsub"] { try probe.command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes") }
        case .flushScripts: try RedisProbe(port: server.port).command("SCRIPT", "FLUSH")
        case .fillMemory: try await server.fillMemory(for: duration)
        case .cut: proxy.cut()
        case .reset: proxy.resetAll()
        case .halfClose: proxy.halfClose()
        case .stall: try await during(duration) { proxy.stall($0) }
        case .stallRequests: try await during(duration) { proxy.stall($0, .requests) }
        case .stallReplies: try await during(duration) { proxy.stall($0, .replies) }
        case .dropReply: proxy.dropNextReply()
        case .singleBytes: try await during(duration) { proxy.sendSingleBytes($0) }
        case .swallowMessages: try await during(duration) { proxy.swallowPubSubMessages($0) }
        case .delay: try await during(duration) { proxy.delay($0 ? .milliseconds(20) : .zero) }
        case .refuse:
            proxy.cut()
            try await during(duration) { proxy.refuse($0) }
        case .swallowConnections:
            proxy.cut()
            try await during(duration) { proxy.swallowConnections($0) }
        }
    }

    private func during(_ duration: Duration, _ fault: (Bool) -> Void) async throws {
        fault(true)
        defer { fault(false) }
        try await Task.sleep(for: duration)
    }
}
