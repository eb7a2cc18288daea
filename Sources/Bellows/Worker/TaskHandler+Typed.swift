extension TaskHandler {
    /// Processes published tasks with a closure that returns the callback.
    ///
    /// - Parameters:
    ///   - definition: the definition.
    ///   - process: processes one payload. It may throw ``TaskFailure`` to say what happens next.
    public static func on<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ process: @escaping @Sendable (Definition.Trigger.Input, TaskContext) async throws -> Definition.Callback
    ) -> TaskHandler where Definition.Trigger: PublishActivationStrategy {
        make(definition, .published) { task, context in
            let input = try decode(definition, task.record.payload)
            return try encode(definition, .done(try await process(input, context)))
        }
    }

    /// Processes a singleton with a closure; the next run is due one second after a run has ended.
    ///
    /// - Parameters:
    ///   - definition: the definition.
    ///   - process: processes one run.
    public static func on<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ process: @escaping @Sendable (TaskContext) async throws -> Definition.Callback
    ) -> TaskHandler where Definition.Trigger == SingletonTrigger {
        make(definition, .singleton) { _, context in
            try encode(definition, .done(try await process(context)))
        }
    }

    /// Processes published tasks with workers that a closure builds for each task.
    ///
    /// - Parameter makeWorker: builds a worker for a claimed task; never called when the claim failed.
    public static func on<Product: Worker>(
        _ makeWorker: @escaping @Sendable (TaskID) async throws -> Product
    ) -> TaskHandler where Product.Definition.Trigger: PublishActivationStrategy {
        make(Product.Definition.self, .published) { task, context in
            let input = try decode(Product.Definition.self, task.record.payload)
            let success = try await makeWorker(task.id).process(input, context: context)
            return try encode(Product.Definition.self, success)
        }
    }

    /// Processes a singleton with workers that a closure builds for each run.
    ///
    /// - Parameter makeWorker: builds a worker for a claimed run; never called when the claim failed.
    public static func on<Product: Worker>(
        _ makeWorker: @escaping @Sendable (TaskID) async throws -> Product
    ) -> TaskHandler where Product.Definition.Trigger == SingletonTrigger {
        make(Product.Definition.self, .singleton) { task, context in
            let success = try await makeWorker(task.id).process((), context: context)
            return try encode(Product.Definition.self, success)
        }
    }

    /// Processes published tasks with workers of a factory.
    ///
    /// - Parameter factory: builds a worker for each claimed task.
    public static func on<Factory: WorkerFactory>(
        factory: Factory
    ) -> TaskHandler where Factory.Product.Definition.Trigger: PublishActivationStrategy {
        on { id in try await factory.makeWorker(id: id) }
    }

    /// Processes a singleton with workers of a factory.
    ///
    /// - Parameter factory: builds a worker for each claimed run.
    public static func on<Factory: WorkerFactory>(
        factory: Factory
    ) -> TaskHandler where Factory.Product.Definition.Trigger == SingletonTrigger {
        on { id in try await factory.makeWorker(id: id) }
    }

    private static func make<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ kind: TaskKind,
        attempt: @escaping @Sendable (ClaimedTask, TaskContext) async throws -> AttemptResult
    ) -> TaskHandler {
        TaskHandler(
            name: definition.name,
            kind: kind,
            options: definition.options
        ) { task, context in
            await outcome { try await attempt(task, context) }
        }
    }

    /// An undecodable payload will not become decodable by trying again.
    private static func decode<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ bytes: [UInt8]
    ) throws(TaskFailure) -> Definition.Trigger.Input where Definition.Trigger: PublishActivationStrategy {
        do {
            return try definition.codec.decode(Definition.Trigger.Input.self, from: bytes)
        } catch {
            throw .dead(reason: "undecodable payload: \(ErrorText.describe(error))")
        }
    }

    private static func encode<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ success: TaskSuccess<Definition.Callback>
    ) throws(TaskFailure) -> AttemptResult {
        do {
            switch success {
            case .done(let callback):
                return .success(try definition.encodeCallback(callback), nextRun: nil)
            case .scheduleNextRun(let callback, let availability):
                return .success(try definition.encodeCallback(callback), nextRun: availability)
            }
        } catch {
            throw .dead(reason: "unencodable result: \(ErrorText.describe(error))")
        }
    }
}
