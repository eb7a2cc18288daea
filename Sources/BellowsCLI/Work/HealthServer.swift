import Bellows
import BellowsRuntime
import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells over HTTP how a worker is doing: `/live` and `/ready`, 200 for yes and 503 for no.
struct HealthServer: Sendable {
    /// A dispatcher, or a pool of threads, that takes longer to answer is stuck.
    private static let patience = Duration.seconds(5)

    let dispatcher: WorkerDispatcher
    let address: HealthAddress

    /// Serves while `body` runs.
    ///
    /// - Throws: ``CommandFailure`` if the address cannot be used; else what `body` throws.
    func serve<Value: Sendable>(during body: () async throws -> Value) async throws -> Value {
        let server = try await start()
        do {
            let value = try await body()
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    private func start() async throws(CommandFailure) -> HTTPServer {
        let place = address.text
        do {
            return try await HTTPServer.start(
                host: address.host,
                port: address.port,
                onProblem: { error in
                    // The host is short of descriptors, say: that passes, and is no reason to work no more.
                    HostProblem(description: Self.problem(place, error)).report()
                },
                respond: respond
            )
        } catch {
            // Nobody would ever know how the worker is doing, so it does not begin.
            throw CommandFailure(.usage, Self.problem(place, error))
        }
    }

    private static func problem(_ place: String, _ error: any Error) -> String {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? ErrorText.describe(error)
        return "the health of this worker cannot be told at \(place): \(reason)"
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        let isGood: @Sendable (DispatcherHealth) -> Bool
        switch request.path {
        case "/live": isGood = \.isLive
        case "/ready": isGood = { $0.isReady && HostProblem.current == nil }
        default: return HTTPResponse(status: .notFound)
        }
        guard request.method == "GET" || request.isHead else { return .methodNotAllowed() }
        guard let health = await health() else {
            return .json(.serviceUnavailable, .object([("phase", .string("stuck"))]))
        }
        return .json(isGood(health) ? .ok : .serviceUnavailable, Self.facts(health))
    }

    /// What the dispatcher says; nil if it, or the pool on which commands are looked after, takes too long.
    private func health() async -> DispatcherHealth? {
        let time = BellowsRuntime.EventLoop.shared
        // The call runs on the pool, and asks the dispatcher's thread: an answer proves that both do their work.
        let outcome = await BoundedCall.run(until: time.now + Self.patience, on: time) { await dispatcher.health() }
        guard case .value(let health) = outcome else { return nil }
        return health
    }

    private static func facts(_ health: DispatcherHealth) -> JSONText {
        func seconds(_ duration: Duration?) -> JSONText {
            duration.map { .number(Int($0.components.seconds)) } ?? .null
        }
        return .object([
            ("phase", .string(health.phase.rawValue)),
            ("running_tasks", .number(health.runningTasks)),
            ("overrunning_tasks", .number(health.overrunningTasks)),
            ("dead_tasks", .number(health.buriedTasks)),
            ("newer_tasks_given_back", .number(health.newerTasksGivenBack)),
            ("claims_unanswered_s", seconds(health.claimsUnansweredFor)),
            ("signals_missing_s", seconds(health.signalsMissingFor)),
            ("pool_silent", .bool(health.isPoolSilent)),
            ("host_problem", .optional(HostProblem.current.map { ErrorText.sanitize($0.description) })),
        ])
    }
}
