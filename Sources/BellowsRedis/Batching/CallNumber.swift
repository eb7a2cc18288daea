/// Identifies one call of this process for a definition, so that the scripts recognize a repetition.
struct CallNumber: Hashable, Sendable {
    /// Counts from 1.
    let value: UInt64
    /// Whether this call starts the time for which answers are kept anew.
    let refreshesAnswers: Bool

    /// Appends what the part `answers.lua` expects.
    func append(to command: inout RedisCommand, process: ProcessNonce) {
        command.append(process.text)
        command.append(Int64(value))
        command.append(refreshesAnswers ? "1" : "")
    }
}
