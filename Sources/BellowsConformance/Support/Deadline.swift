/// Runs a body, and cancels it and fails when it takes too long, so that a stuck backend fails a test instead of
/// holding it up.
func withDeadline(
    _ limit: Duration,
    _ what: String,
    _ body: @escaping @Sendable () async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
            try await body()
            return true
        }
        group.addTask {
            await Alarm.wait(for: limit)
            return false
        }
        defer { group.cancelAll() }
        if try await group.next() == false {
            throw ConformanceFailure("\(what) did not end within \(limit)")
        }
    }
}
