@testable import Bellows

/// Plain values for tests of the state machines.
enum Fixtures {
    static let start = MonotonicInstant(ContinuousClock.now)

    static func at(_ seconds: Double) -> MonotonicInstant {
        start + .milliseconds(Int((seconds * 1000).rounded()))
    }

    /// The same as an instant of the system's clock.
    static func instant(_ seconds: Double) -> ContinuousClock.Instant { at(seconds).clockInstant }

    static func name(_ text: String = "test.task") throws -> TaskName { try TaskName(text) }

    static func lease(
        _ id: String = "one",
        kind: TaskKind = .published,
        name: String = "test.task",
        token: String = "1:a",
        duration: Duration = .seconds(6)
    ) throws -> Lease {
        Lease(
            name: try TaskName(name),
            kind: kind,
            id: try TaskID(id),
            token: LeaseToken(token),
            duration: duration
        )
    }

    /// The same with an id that no caller can give.
    static func lease(kind: TaskKind = .published, id: TaskID) throws -> Lease {
        Lease(name: try name(), kind: kind, id: id, token: LeaseToken("1:a"), duration: .seconds(6))
    }

    static func task(
        _ id: String = "one",
        kind: TaskKind = .published,
        name: String = "test.task",
        attempt: Int = 1,
        policy: RetryPolicy? = nil,
        payload: [UInt8] = [1],
        malformed: String? = nil,
        newer: String? = nil
    ) throws -> ClaimedTask {
        ClaimedTask(
            lease: try lease(id, kind: kind, name: name, token: "\(attempt):\(id)"),
            attempt: attempt,
            record: TaskRecord(payload: payload, retryPolicy: policy),
            malformed: malformed,
            newer: newer
        )
    }
}
