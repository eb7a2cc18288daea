import Bellows
import FlyingFox
import FlyingSocks
import Foundation

/// Tells over HTTP how a worker is doing: `/live` and `/ready`, 200 for yes and 503 for no.
struct HealthServer: Sendable {
    /// A dispatcher that takes longer to answer is stuck.
    private static let patience = Duration.seconds(5)

    let dispatcher: WorkerDispatcher
    let address: HealthAddress

    /// Serves while `body` runs.
    ///
    /// - Throws: ``CommandFailure`` if the address cannot be used; else what `body` throws.
    func serve(during body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve() }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve() async throws {
        var hasListened = false
        while !Task.isCancelled {
            let server = HTTPServer(
                address: try .inet(ip4: address.host, port: address.port),
                timeout: 5,
                logger: .disabled
            )
            await server.appendRoute("GET,HEAD /live") { _ in await respond { _ in true } }
            await server.appendRoute("GET,HEAD /ready") { _ in await respond(\.isReady) }
            let listening = Task { try await server.waitUntilListening() }
            defer { listening.cancel() }
            do {
                try await server.run()
            } catch  where !Task.isCancelled {
                let problem =
                    "the health of this worker cannot be told at \(address.host):\(address.port): \(error.localizedDescription)"
                listening.cancel()
                if case .success = await listening.result { hasListened = true }
                guard hasListened else {
                    // Nobody would ever know how the worker is doing, so it comes to an end.
                    dispatcher.beginDrain()
                    throw CommandFailure(.usage, problem)
                }
                // The host is short of descriptors, say: that passes, and is no reason to work no more.
                HostProblem(description: problem).report()
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func respond(_ isGood: @escaping @Sendable (DispatcherHealth) -> Bool) async -> HTTPResponse {
        let health = await firstAnswer()
        guard let health else { return Self.response(isGood: false, [("phase", .string("stuck"))]) }
        func seconds(_ duration: Duration?) -> JSONText {
            duration.map { .number(Int($0.components.seconds)) } ?? .null
        }
        return Self.response(
            isGood: isGood(health),
            [
                ("phase", .string(health.phase.rawValue)),
                ("running_tasks", .number(health.runningTasks)),
                ("overrunning_tasks", .number(health.overrunningTasks)),
                ("claims_unanswered_s", seconds(health.claimsUnansweredFor)),
                ("signals_missing_s", seconds(health.signalsMissingFor)),
            ]
        )
    }

    /// What the dispatcher says; nil if it takes too long. Not a task group, which would wait for the one that is stuck.
    private func firstAnswer() async -> DispatcherHealth? {
        let (answers, source) = AsyncStream.makeStream(of: DispatcherHealth?.self)
        let asking = Task { source.yield(await dispatcher.health()) }
        let waiting = Task {
            try await Task.sleep(for: Self.patience)
            source.yield(nil)
        }
        defer {
            asking.cancel()
            waiting.cancel()
        }
        for await answer in answers { return answer }
        return nil
    }

    private static func response(isGood: Bool, _ members: [(key: String, value: JSONText)]) -> HTTPResponse {
        HTTPResponse(
            statusCode: isGood ? .ok : .serviceUnavailable,
            headers: [.contentType: "application/json"],
            body: Data((JSONText.object(members).text + "\n").utf8)
        )
    }
}
