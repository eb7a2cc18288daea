extension TaskPublishingBackend {
    /// Publishes one task. It is stored when this returns.
    ///
    /// - Parameters:
    ///   - definition: the definition; a singleton has no payload and cannot be published.
    ///   - payload: what the worker is handed.
    ///   - options: delay, id, retry policy, headers.
    /// - Returns: the task's id, and whether it was new.
    /// - Throws: with ``BellowsError/Code/invalidInput`` or ``BellowsError/Code/tooLarge``, nothing was sent. After
    ///   ``BellowsError/Code/outcomeUnknown`` the task may be stored: publishing again with an id of your own is
    ///   harmless.
    @discardableResult
    public func publish<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ payload: Definition.Trigger.Input,
        options: PublishOptions = PublishOptions()
    ) async throws(BellowsError) -> PublishedTask where Definition.Trigger: PublishActivationStrategy {
        let partitions = try TaskPartitions(definition)
        return try await publish(PublishRequest(definition, payload, options), to: partitions)
    }

    /// Publishes one request to its part of a definition.
    package func publish(_ request: PublishRequest, to partitions: TaskPartitions) async throws(BellowsError)
        -> PublishedTask
    {
        var request = request
        let name = partitions.route(&request)
        return try await publish(request, to: name)
    }

    /// Publishes one request on the raw layer.
    package func publish(_ request: PublishRequest, to name: TaskName) async throws(BellowsError) -> PublishedTask {
        guard let published = try await publish([request], to: name).first else {
            throw BellowsError.unansweredPublish
        }
        return published
    }
}

extension Backend {
    /// Publishes one task whose result this process awaits. It is stored when this returns.
    ///
    /// - Parameters:
    ///   - definition: the definition.
    ///   - payload: what the worker is handed.
    ///   - options: as for ``TaskPublishingBackend/publish(_:_:options:)``. The result is kept for an hour unless
    ///     ``PublishOptions/resultRetention`` says otherwise.
    /// - Returns: what to wait on.
    /// - Throws: as ``TaskPublishingBackend/publish(_:_:options:)``.
    public func publishAwaitable<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ payload: Definition.Trigger.Input,
        options: PublishOptions = PublishOptions()
    ) async throws(BellowsError) -> AwaitableTask<Definition> where Definition.Trigger: PublishActivationStrategy {
        let partitions = try TaskPartitions(definition)
        var request = try PublishRequest(definition, payload, options)
        let id = request.prepareForAwaiting()
        // Listening comes first, so that a result which is there before publish returns is not missed.
        let waiter = try await ResultWaiter(backend: self, name: partitions.partition(for: id), id: id)
        waiter.forgetEarlierSignals()
        return AwaitableTask(published: try await publish(request, to: partitions), waiter: waiter)
    }
}

extension PublishRequest {
    /// Encodes a payload with its definition's codec.
    init<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ payload: Definition.Trigger.Input,
        _ options: PublishOptions
    ) throws(BellowsError) where Definition.Trigger: PublishActivationStrategy {
        do {
            self.init(payload: try definition.codec.encode(payload), options: options)
        } catch {
            throw .encoding(error)
        }
    }
}
