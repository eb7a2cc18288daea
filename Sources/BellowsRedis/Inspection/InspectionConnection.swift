import Bellows
import Logging

/// A connection that looks at a server without using it as a store: it takes replicas too, and writes nothing.
struct InspectionConnection {
    let runner: ScriptRunner
    private let connection: RedisConnection
    private let loop: IOLoop

    /// Connects.
    ///
    /// - Throws: `BackendError` if the server cannot be reached, or does not let us in.
    static func open(_ configuration: RedisConfiguration) async throws -> InspectionConnection {
        let (loop, first, time) = (IOLoop(), FirstConnection(), ControlThread.shared)
        let connection = RedisConnection(
            configuration: configuration,
            loop: loop,
            name: "inspection",
            handshake: { HandshakeStep.login(configuration) },
            logger: .silent,
            onEvent: { first.note($0, isServerLoading: false) }
        )
        let runner = ScriptRunner(
            connection: connection,
            catalog: ScriptCatalog(),
            timeSource: time,
            patience: ScriptRunner.Patience(time: configuration.commandTimeout)
        )
        let opened = InspectionConnection(runner: runner, connection: connection, loop: loop)
        connection.start()
        do {
            try await first.wait(atMost: configuration.connectTimeout, on: time)
        } catch {
            opened.close()
            throw error
        }
        return opened
    }

    /// Ends the connection.
    func close() {
        connection.close()
        loop.stop()
    }
}

extension Logger {
    /// Says nothing.
    static var silent: Logger { Logger(label: "bellows") { _ in SwiftLogNoOpLogHandler() } }
}
