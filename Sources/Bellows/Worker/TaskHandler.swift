/// Connects a definition with the code that processes its tasks. A dispatcher holds several.
public struct TaskHandler: Sendable {
    /// The definition's name, checked when the dispatcher starts.
    package let name: String
    package let kind: TaskKind
    package let retryPolicy: RetryPolicy
    package let resultRetention: Duration?
    /// Into how many parts the definition is divided.
    package let partitions: Int
    package let attempt: @Sendable (ClaimedTask, TaskContext) async -> AttemptResult

    package init(
        name: String,
        kind: TaskKind,
        retryPolicy: RetryPolicy,
        resultRetention: Duration?,
        partitions: Int = 1,
        attempt: @escaping @Sendable (ClaimedTask, TaskContext) async -> AttemptResult
    ) {
        self.name = name
        self.kind = kind
        self.retryPolicy = retryPolicy
        self.resultRetention = resultRetention
        self.partitions = partitions
        self.attempt = attempt
    }

    /// A handler on the raw layer: bytes in, bytes out.
    ///
    /// - Parameters:
    ///   - name: the definition's name.
    ///   - retryPolicy: what happens after a failed attempt.
    ///   - resultRetention: how long results are kept although no publisher asked for them.
    ///   - partitions: into how many parts the definition is divided; see ``TaskPartitions``.
    ///   - process: processes one payload and returns the bytes of the result.
    public init(
        name: TaskName,
        retryPolicy: RetryPolicy = RetryPolicy(),
        resultRetention: Duration? = nil,
        partitions: Int = 1,
        process: @escaping @Sendable ([UInt8], TaskContext) async throws -> [UInt8]
    ) {
        self.init(
            name: name.rawValue,
            kind: .published,
            retryPolicy: retryPolicy,
            resultRetention: resultRetention,
            partitions: partitions
        ) { task, context in
            await Self.outcome { .success(try await process(task.record.payload, context), nextRun: nil) }
        }
    }

    /// A handler on the raw layer for a singleton: no payload, no result.
    ///
    /// - Parameters:
    ///   - name: the singleton's name.
    ///   - retryPolicy: its backoff spaces the runs after a failed one; its maximum does not apply.
    ///   - process: processes one run and says when the next one is.
    public init(
        singleton name: TaskName,
        retryPolicy: RetryPolicy = RetryPolicy(),
        process: @escaping @Sendable (TaskContext) async throws -> Availability
    ) {
        self.init(name: name.rawValue, kind: .singleton, retryPolicy: retryPolicy, resultRetention: nil) { _, context in
            await Self.outcome { .success([], nextRun: try await process(context)) }
        }
    }

    /// Runs the body and turns what it throws into an attempt's result.
    static func outcome(_ body: () async throws -> AttemptResult) async -> AttemptResult {
        do {
            return try await body()
        } catch let failure as TaskFailure {
            return .failure(failure)
        } catch is TaskGivenBack {
            return .givenBack
        } catch {
            return .error(ErrorText.describe(error))
        }
    }
}
