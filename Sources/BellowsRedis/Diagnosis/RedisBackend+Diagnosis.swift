public import Bellows
import BellowsRuntime

extension RedisBackend {
    /// Looks at a server without using it as a store: also at one that `connect` refuses.
    ///
    /// It asks for INFO, CONFIG GET and TIME, and looks for data of an older layout. What the user may not ask, or the
    /// server does not have (managed services take such commands away), counts as unknown.
    ///
    /// - Parameter configuration: where Redis is.
    /// - Returns: what should be known about it.
    /// - Throws: `BellowsError` if the server cannot be reached, or does not let us in.
    public static func diagnose(_ configuration: RedisConfiguration) async throws(BellowsError) -> StoreDiagnosis {
        let inspection = try await InspectionConnection.open(configuration)
        defer { inspection.close() }
        let targets = inspection.runner.routes.everywhere
        var parts: [(server: String, diagnosis: StoreDiagnosis)] = []
        for target in targets {
            parts.append((target.description, try await diagnose(target, inspection, configuration)))
        }
        let older = OlderLayout(keys: inspection.keys, runner: inspection.runner)
        return StoreDiagnosis(ofServers: parts, and: await older.findings())
    }

    private static func diagnose(
        _ target: CommandTarget,
        _ inspection: InspectionConnection,
        _ configuration: RedisConfiguration
    ) async throws(BellowsError) -> StoreDiagnosis {
        let (runner, time) = (inspection.runner, EventLoop.shared)
        func answer(_ command: RedisCommand) async throws(BellowsError) -> RedisReply? {
            do throws(BellowsError) {
                return try await runner.run(command, on: target)
            } catch {
                // The user may not, or the server has no such command.
                guard error.code == .accessDenied || error.code == .unsupportedServer else { throw error }
                return nil
            }
        }
        let facts = try await answer(RedisCommand("INFO"))?.asText
        var settings: [String] = []
        for name in ServerSettings.names {
            settings += try await answer(RedisCommand("CONFIG", "GET", name))?.asArray?.compactMap(\.asText) ?? []
        }
        let asked = time.date
        let clock = try await answer(ServerClock.command)
        return StoreDiagnosis(
            facts: facts.map(ServerFacts.init),
            settings: ServerSettings(pairs: settings),
            skew: clock.flatMap { ServerClock.skew(of: $0, asked: asked, answered: time.date) },
            allowingEviction: configuration.allowsEvictingServer,
            role: inspection.keys.isSharded ? .clusterPrimary : .onlyServer
        )
    }
}
