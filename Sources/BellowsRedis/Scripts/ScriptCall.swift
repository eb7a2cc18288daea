/// One call of a script.
struct ScriptCall: Sendable {
    /// The script.
    let script: RedisScript
    /// Its keys.
    let keys: [String]
    /// About how many bytes the arguments have.
    let reservedBytes: Int
    /// Appends the arguments. It is called again if the call has to be sent again, and is then told so.
    let appendArguments: @Sendable (inout RedisCommand, _ isRepeated: Bool) -> Void

    init(
        _ script: RedisScript,
        keys: [String],
        reservedBytes: Int = 0,
        appendArguments: @escaping @Sendable (inout RedisCommand, _ isRepeated: Bool) -> Void
    ) {
        self.script = script
        self.keys = keys
        self.reservedBytes = reservedBytes
        self.appendArguments = appendArguments
    }

    init(_ script: RedisScript, key: String, _ arguments: String...) {
        self.init(script, keys: [key]) { command, _ in
            for argument in arguments { command.append(argument) }
        }
    }
}
