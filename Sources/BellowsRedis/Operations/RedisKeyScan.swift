import Bellows

/// All keys that match a pattern, page by page, on one server after the other; one that stays all the time comes at
/// least once, unless its slot moves.
struct RedisKeyScan: AsyncSequence {
    let runner: ScriptRunner
    let pattern: String

    struct Iterator: AsyncIteratorProtocol {
        let runner: ScriptRunner
        let pattern: String
        /// The servers that are not done yet; nil if nobody was asked.
        var targets: ArraySlice<CommandTarget>?
        var cursor = "0"

        mutating func next() async throws(BellowsError) -> [String]? {
            if targets == nil {
                // Who keeps what may not be known yet, and a cursor means something to one server only.
                _ = try await runner.run(ServerClock.command, on: .any)
                targets = runner.routes.everywhere[...]
            }
            guard let target = targets?.first else { return nil }
            let scan = RedisCommand("SCAN", cursor, "MATCH", pattern, "COUNT", "1000")
            guard let parts = try await runner.run(scan, on: target).asArray, parts.count == 2,
                let next = parts[0].asText, let found = parts[1].asArray
            else { throw RedisReply.unexpected(to: "SCAN") }
            cursor = next
            if next == "0" { targets = targets?.dropFirst() }
            return found.compactMap(\.asText)
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(runner: runner, pattern: pattern)
    }
}
