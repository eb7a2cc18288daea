import Bellows
import BellowsRuntime
import Logging

/// One script call for each verb, typed on both sides. The verbs of ``RedisBackend`` check, batch, and call these.
struct RedisOperations: Sendable {
    let keys: RedisKeySpace
    /// In whose name calls are made, and their answers kept.
    var process: ClientID
    /// Who listens for results; nil if that is `process`.
    var listener: ClientID?
    var numbers: CallNumbers
    let leases: NotedLeases
    let partitions: KnownPartitionCounts
    let trimWarning: TrimWarning
    let runner: ScriptRunner

    /// The operations of a backend that makes its first connection.
    init(
        _ configuration: RedisConfiguration,
        keys: RedisKeySpace,
        catalog: ScriptCatalog,
        routes: any CommandRoutes,
        logger: Logger
    ) {
        let time = EventLoop.shared
        self.keys = keys
        process = ClientID()
        numbers = CallNumbers(timeSource: time)
        leases = NotedLeases()
        partitions = KnownPartitionCounts()
        trimWarning = TrimWarning(logger: logger)
        runner = ScriptRunner(
            routes: routes,
            catalog: catalog,
            timeSource: time,
            patience: ScriptRunner.CallBudget(time: configuration.commandTimeout)
        )
    }

    /// The same in another name and with call numbers of its own, for calls that take so long that those of others would
    /// wait for them.
    func withOwnIdentity() -> RedisOperations {
        var operations = self
        operations.listener = listener ?? process
        operations.process = ClientID()
        operations.numbers = CallNumbers(timeSource: runner.timeSource)
        return operations
    }

    /// Begins a numbered call as soon as older ones are out of its way.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - time: how long the call may take in all.
    ///   - start: gets its number and the time that is left.
    func begin(_ name: TaskName, within time: Duration, _ start: @escaping @Sendable (CallNumber, Duration) -> Void) {
        let timeSource = runner.timeSource
        let deadline = timeSource.now + time
        numbers.begin(name) { start($0, deadline - timeSource.now) }
    }

    /// Runs a script whose calls are numbered, so that a repetition after a lost reply changes nothing.
    ///
    /// - Parameter patience: nil for that of calls that have no lease.
    func numbered(
        _ script: RedisScript,
        _ name: TaskName,
        _ patience: ScriptRunner.CallBudget? = nil,
        _ appendArguments: @escaping @Sendable (inout RedisCommand) -> Void
    ) async throws(BellowsError) -> RedisReply {
        let number = await withUnsafeContinuation { continuation in
            numbers.begin(name) { continuation.resume(returning: $0) }
        }
        defer { numbers.end(number, name) }
        let call = ScriptCall(script, keys: [keys.base(of: name)]) { command, isRepeated in
            number.append(to: &command, process: process, looksForAnswer: isRepeated)
            appendArguments(&command)
        }
        return try await runner.run(call, patience)
    }

    /// The patience of calls about leases: a third of the shortest one, so that there is time for another try. Not less
    /// than a second, because running out of it closes the connection that all definitions share; see
    /// docs/decisions/0003.
    func patience(for leases: some Sequence<Duration>) -> ScriptRunner.CallBudget {
        let third = max(.seconds(1), leases.min().map { $0 / 3 } ?? .seconds(5))
        return ScriptRunner.CallBudget(time: min(runner.patience.time, .seconds(5), third), waitsForSpace: true)
    }

    /// The same for a call that has only so much time left.
    func patience(for leases: some Sequence<Duration>, within time: Duration) -> ScriptRunner.CallBudget {
        var patience = patience(for: leases)
        patience.time = min(patience.time, time)
        return patience
    }

    /// The store has lost its data.
    func forgetStore() {
        leases.forgetAll()
        partitions.forgetAll()
    }

    /// Reads an answer of one character for each item.
    func characters<Answer>(
        _ reply: RedisReply,
        of script: RedisScript,
        count: Int,
        _ read: (UInt8) -> Answer?
    ) throws(BellowsError) -> [Answer] {
        guard let bytes = reply.asBytes, bytes.count == count else { throw RedisReply.unexpected(from: script) }
        var answers: [Answer] = []
        answers.reserveCapacity(count)
        for byte in bytes {
            guard let answer = read(byte) else { throw RedisReply.unexpected(from: script) }
            answers.append(answer)
        }
        return answers
    }
}

extension Result where Failure == BellowsError {
    /// Reads the value of a success.
    func read<Answer>(_ body: (Success) throws(BellowsError) -> Answer) -> Result<Answer, BellowsError> {
        switch self {
        case .success(let value): Result<Answer, BellowsError> { () throws(BellowsError) in try body(value) }
        case .failure(let error): .failure(error)
        }
    }
}
