import Bellows

/// All keys that match a pattern, page by page; one that stays all the time comes at least once.
struct RedisKeyScan: AsyncSequence {
    let runner: ScriptRunner
    let pattern: String

    struct Iterator: AsyncIteratorProtocol {
        let runner: ScriptRunner
        let pattern: String
        /// Nil behind the last page.
        var cursor: String? = "0"

        mutating func next() async throws -> [String]? {
            guard let cursor else { return nil }
            let scan = RedisCommand("SCAN", cursor, "MATCH", pattern, "COUNT", "1000")
            guard let parts = try await runner.run(scan).asArray, parts.count == 2, let next = parts[0].asText,
                let found = parts[1].asArray
            else { throw BackendError(.invalidData, "Redis answered SCAN with something that makes no sense") }
            self.cursor = next == "0" ? nil : next
            return found.compactMap(\.asText)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(runner: runner, pattern: pattern) }
}
