/// Connects a definition with the code that processes its tasks. A dispatcher takes one for each definition.
///
/// Make one with `.on(Definition.self) { … }`, from a ``Worker`` or from a ``WorkerFactory``. The initializers here are
/// for programs that work on bytes, such as a command line.
public struct TaskHandler: Sendable {
    /// The definition's name, checked when the dispatcher starts.
    package let name: String
    package let kind: TaskKind
    package let options: TaskOptions
    package let attempt: @Sendable (ClaimedTask, TaskContext) async -> AttemptResult

    package init(
        name: String,
        kind: TaskKind,
        options: TaskOptions,
        attempt: @escaping @Sendable (ClaimedTask, TaskContext) async -> AttemptResult
    ) {
        self.name = name
        self.kind = kind
        self.options = options
        self.attempt = attempt
    }

    /// A handler on the raw layer: bytes in, bytes out.
    ///
    /// - Parameters:
    ///   - name: the definition's name.
    ///   - options: retries, results and partitions.
    ///   - process: processes one payload and returns the bytes of the result. What it throws counts as for a
    ///     ``Worker``.
    public init(
        name: TaskName,
        options: TaskOptions = TaskOptions(),
        process: @escaping @Sendable ([UInt8], TaskContext) async throws -> [UInt8]
    ) {
        self.init(name: name.rawValue, kind: .published, options: options) { task, context in
            await Self.outcome { .success(try await process(task.record.payload, context), nextRun: nil) }
        }
    }

    /// A handler on the raw layer for a singleton: no payload, no result.
    ///
    /// - Parameters:
    ///   - name: the singleton's name.
    ///   - options: the backoff spaces the runs after a failed one; the maximum of attempts does not apply.
    ///   - process: processes one run and says when the next one is.
    public init(
        singleton name: TaskName,
        options: TaskOptions = TaskOptions(),
        process: @escaping @Sendable (TaskContext) async throws -> Availability
    ) {
        self.init(name: name.rawValue, kind: .singleton, options: options) { _, context in
            await Self.outcome { .success([], nextRun: try await process(context)) }
        }
    }

    /// The parts of the definition.
    ///
    /// - Throws: ``BellowsError/Code/invalidInput`` for a name or an option that is not allowed.
    func partitions() throws(BellowsError) -> TaskPartitions {
        try options.validate(for: kind)
        return try TaskPartitions(TaskName(name), count: options.partitions)
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
