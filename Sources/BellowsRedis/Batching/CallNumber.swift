/// Identifies one call of this process for a definition, so that the scripts recognize a repetition.
struct CallNumber: Hashable, Sendable {
    /// Counts from 1.
    let value: UInt64
    /// Whether this call starts the time again for which answers are kept.
    let refreshesAnswers: Bool

    /// Appends what the part `parts/replay.lua` expects.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - process: who makes the call.
    ///   - looksForAnswer: whether an earlier delivery of the call may have left an answer.
    func append(to command: inout RedisCommand, process: ClientID, looksForAnswer: Bool) {
        command.append(process.text)
        command.append(Int64(value))
        command.append((looksForAnswer ? "R" : "") + (refreshesAnswers ? "A" : ""))
    }
}
