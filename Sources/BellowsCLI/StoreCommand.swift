import ArgumentParser
import Bellows
import BellowsRedis
import Logging

/// A command that talks to the store.
protocol StoreCommand: ParsableCommand, Sendable {
    /// The options given before the command's name.
    var root: BellowsCommand { get }
    /// The options given after the command's name; they win.
    var address: StoreAddress { get }

    /// Does the work.
    ///
    /// - Returns: the exit code.
    func execute() async throws -> ProgramStatus
}

extension StoreCommand {
    /// What argument-parser would call; the entry point calls ``execute()``.
    func run() throws {}

    /// What the store takes; finds out in passing whether the address can be read.
    func limits() throws -> TaskLimits {
        try storeConfiguration().limits
    }

    /// The settings of the connection, checked before anything is sent.
    func storeConfiguration() throws -> RedisConfiguration {
        try address.falling(back: root.store.address).configuration(environment: ProcessEnvironment.current)
    }

    /// Connects for a program that stays: waits for a server that is there and needs time.
    ///
    /// - Parameter wait: how long to wait for a server that is not there.
    func connectPatiently(_ wait: Duration?) async throws -> RedisBackend {
        try await PatientConnection(
            configuration: try storeConfiguration(),
            wait: wait,
            logger: CommandLogger.standard
        ).connect()
    }

    /// Connects, or throws why not.
    ///
    /// - Parameter logger: for programs that stay; one-shot commands report by their error alone.
    func connect(logger: Logger? = nil) async throws -> any BackendInspecting & BackendManaging {
        let backend = try await RedisBackend.connect(try storeConfiguration(), logger: logger ?? CommandLogger.silent)
        CommandLogger.open()
        return backend
    }
}
