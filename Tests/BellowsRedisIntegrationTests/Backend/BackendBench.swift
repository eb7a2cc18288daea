import Bellows
import BellowsRedis
import RedisFixture

/// A backend on a server of its own, and a few short words for what tests do with it.
struct BackendBench {
    let server: RedisServer
    let backend: RedisBackend
    let probe: RedisProbe
    let name: TaskName

    init(_ label: String, server: RedisServer? = nil, url: String? = nil) async throws {
        let server = try server ?? RedisServer.shared.get()
        self.server = server
        backend = try await RedisBackend.connect(.patient(url ?? server.url))
        probe = try RedisProbe(port: server.port)
        name = try TaskName("\(label)-\(UInt32.random(in: .min ... .max))")
    }

    /// Long enough for calls about it to wait as long as others.
    static let lease = Duration.seconds(300)

    /// The key of the definition that the layout calls so.
    func key(_ suffix: String) -> String { "bellows:2:{\(name)}:\(suffix)" }

    @discardableResult
    func publish(_ payload: [UInt8] = [1], _ options: PublishOptions = PublishOptions()) async throws -> PublishedTask {
        try await backend.publish([PublishRequest(payload: payload, options: options)], to: name)[0]
    }

    func claim(_ count: Int = 1, lease: Duration = Self.lease) async throws -> [ClaimedTask] {
        let request = ClaimRequest(name: name, selection: .earliest(count), lease: lease)
        guard case .claimed(let tasks, _) = try await backend.claim(request) else { return [] }
        return tasks
    }

    func finish(_ tasks: [ClaimedTask], result: [UInt8] = []) async throws -> [LeaseOutcome] {
        try await backend.finish(tasks.map { FinishRequest(lease: $0.lease, result: result) }, in: name)
    }

    /// The error code that the body throws; nil if it throws none.
    static func code(_ body: () async throws -> Void) async throws -> BellowsError.Code? {
        do {
            try await body()
            return nil
        } catch let error as BellowsError {
            return error.code
        }
    }
}
