extension TaskPublishingBackend {
    /// Publishes a list of any length, cut into calls that the store takes, in order.
    ///
    /// The order holds within each call. If the connection is lost meanwhile, or has more to send than it keeps, a later
    /// call may overtake an earlier one that has to be repeated.
    ///
    /// - Parameters:
    ///   - requests: what to publish. One that is not valid has its error as outcome; the others are published.
    ///   - name: their definition.
    /// - Returns: one outcome for each request, in their order. After ``BellowsError/Code/outcomeUnknown`` the task
    ///   may be stored; after any other code it is not.
    public func publish(
        contentsOf requests: [PublishRequest],
        to name: TaskName
    ) async -> [Result<PublishedTask, BellowsError>] {
        await publish(contentsOf: requests, to: TaskPartitions(undivided: name))
    }

    /// Publishes a list of any length to the parts of a definition, as to one definition. If one part of
    /// a call fails, all of its requests count as failed.
    ///
    /// - Parameters:
    ///   - requests: what to publish.
    ///   - partitions: the definition and its parts.
    /// - Returns: one outcome for each request, in their order.
    public func publish(
        contentsOf requests: [PublishRequest],
        to partitions: TaskPartitions
    ) async -> [Result<PublishedTask, BellowsError>] {
        await BulkPublisher(backend: self, partitions: partitions).publish(requests)
    }

    /// Publishes what an asynchronous sequence brings, as soon as it comes; what comes while calls are under way goes
    /// out together. The sequence is read only as fast as the store takes it: at most 400 requests are in memory.
    ///
    /// - Parameters:
    ///   - source: what to publish.
    ///   - name: their definition.
    ///   - onOutcome: takes the place of each request in the sequence, from 0, and what became of it. Requests that
    ///     went out together are reported together. What it throws ends the publishing.
    /// - Throws: what the sequence or `onOutcome` threw, after the calls under way have ended;
    ///   ``BellowsError/Code/cancelled`` if the calling task was cancelled. What was stored stays stored.
    public func publish<Source: AsyncSequence & Sendable>(
        contentsOf source: Source,
        to name: TaskName,
        onOutcome: @escaping (Int, Result<PublishedTask, BellowsError>) async throws -> Void
    ) async throws where Source.Element == PublishRequest {
        let partitions = TaskPartitions(undivided: name)
        try await BulkPublisher(backend: self, partitions: partitions).publish(from: source, onOutcome)
    }

    /// Publishes a task for each payload of a list of any length, in order.
    ///
    /// - Parameters:
    ///   - definition: the definition.
    ///   - payloads: what the workers are handed.
    ///   - options: the same for all of them; an id of the caller's own makes no sense here.
    /// - Returns: one outcome for each payload, in their order.
    /// - Throws: ``BellowsError/Code/invalidInput`` for the definition's name, or a payload that cannot be encoded.
    ///   Nothing was sent then.
    public func publish<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        contentsOf payloads: some Sequence<Definition.Trigger.Input>,
        options: PublishOptions = PublishOptions()
    ) async throws(BellowsError) -> [Result<PublishedTask, BellowsError>]
    where Definition.Trigger: PublishActivationStrategy {
        let partitions = try TaskPartitions(definition)
        var requests: [PublishRequest] = []
        for payload in payloads { requests.append(try PublishRequest(definition, payload, options)) }
        return await publish(contentsOf: requests, to: partitions)
    }
}
