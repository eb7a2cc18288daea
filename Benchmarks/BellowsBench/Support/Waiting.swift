import Bellows

/// Waits until a condition holds, asking ten times a second: experiments watch from outside, where no event comes.
///
/// - Returns: whether it held before the time was up.
func wait(atMost limit: Duration, until condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(50))
    }
    return try await condition()
}

extension BackendInspecting {
    /// Waits until no task of a definition waits or runs. A store that does not answer is asked again.
    func waitUntilEmpty(_ name: TaskName, atMost limit: Duration) async throws -> Bool {
        try await wait(atMost: limit) {
            do {
                return try await statistics(of: name).isEmpty
            } catch let error as BellowsError where error.isRetryable {
                return false
            }
        }
    }
}

/// Publishes with an id until it is acknowledged, whatever happens to the connection.
func publishStubbornly(
    _ backend: some TaskPublishingBackend,
    _ request: PublishRequest,
    to name: TaskName
) async throws -> PublishedTask {
    var request = request
    request.options.id = request.options.id ?? TaskID()
    while true {
        do {
            return try await backend.publish([request], to: name)[0]
        } catch {
            guard error.isRetryable else { throw error }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
