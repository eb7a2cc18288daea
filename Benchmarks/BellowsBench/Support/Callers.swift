import Bellows

/// Callers that publish one task at a time, each waiting for its acknowledgement.
enum Callers {
    /// Runs them to their end.
    static func publish(_ each: Int, callers: Int, on backend: some TaskPublishingBackend) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    for _ in 0..<each { try await backend.publish(BenchDefinition.self, BenchDefinition.payload) }
                }
            }
            try await group.waitForAll()
        }
    }
}
