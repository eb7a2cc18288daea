import Bellows
import BellowsRuntime
import Logging

/// A connection that looks at a server without using it as a store: it takes replicas too, and writes nothing.
struct InspectionConnection {
    let runner: ScriptRunner
    let keys: RedisKeySpace
    private let topology: ClusterTopology?
    private let loop: EndpointGroup

    /// Connects.
    ///
    /// - Throws: `BellowsError` if the server cannot be reached, or does not let us in.
    static func open(_ configuration: RedisConfiguration) async throws(BellowsError) -> InspectionConnection {
        try configuration.validate()
        let (loop, first, time) = (EndpointGroup(), Readiness(), EventLoop.shared)
        let onEvent: @Sendable (ConnectionEvent) -> Void = { first.note($0, isServerLoading: false) }
        let handshake: ConnectionFactory.Handshake = { _ in HandshakeStep.login(configuration) }
        let connections = ConnectionFactory(
            configuration,
            loop: loop,
            logger: .silent,
            handshake: handshake,
            onEvent: onEvent
        )
        let runner = ScriptRunner(
            routes: connections.makeRoutes(name: "inspection", handshake: handshake, onEvent: onEvent),
            catalog: ScriptCatalog(connections.dialect),
            timeSource: time,
            patience: ScriptRunner.CallBudget(time: configuration.commandTimeout)
        )
        let keys = RedisKeySpace(prefix: configuration.prefix, isSharded: connections.topology != nil)
        let opened = InspectionConnection(runner: runner, keys: keys, topology: connections.topology, loop: loop)
        connections.topology?.refresh()
        do throws(BellowsError) {
            try await first.wait(atMost: configuration.connectTimeout, on: time)
        } catch {
            opened.close()
            throw error.during(.connect)
        }
        return opened
    }

    /// Ends the connections.
    func close() {
        topology?.close()
        runner.routes.close()
        loop.stop()
    }
}
