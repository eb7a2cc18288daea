/// A backend that remembers how many parts a definition has, so that programs which disagree are told.
public protocol PartitionCountRegistry: Backend {
    /// Notes the number of parts of a definition, unless one is noted already.
    ///
    /// An implementer owes: the first number other than 1 stays, for all processes, until it is removed by hand; a 1
    /// is compared but not noted.
    ///
    /// - Parameter partitions: the definition and its number of parts.
    /// - Throws: ``BellowsError/Code/layoutMismatch`` if another number is noted; ``BellowsError`` otherwise.
    func registerPartitionCount(_ partitions: TaskPartitions) async throws(BellowsError)
}

extension PartitionCountRegistry {
    /// Always, unless an implementer knows better.
    public func needsPartitionCheck(_ partitions: TaskPartitions) -> Bool { true }
}

extension TaskPublishingBackend {
    /// Never: such a backend keeps no numbers of parts.
    public func needsPartitionCheck(_ partitions: TaskPartitions) -> Bool { false }

    /// Compares the number of parts with the store's, before the first publish (see ``needsPartitionCheck(_:)``).
    ///
    /// - Parameter requests: what is published next: what is not valid gets its own error, and nothing is sent. Lists are
    ///   judged part by part, later.
    func verifyPartitionCount(of partitions: TaskPartitions, before requests: [PublishRequest])
        async throws(BellowsError)
    {
        guard let registry = self as? any PartitionCountRegistry else { return }
        for request in requests { _ = try request.validate(limits: limits, date: registry.timeSource.date) }
        do throws(BellowsError) {
            try await registry.registerPartitionCount(partitions)
        } catch {
            // Nothing was published, whatever became of this call.
            guard error.code == .outcomeUnknown else { throw error }
            throw BellowsError(.unavailable, error.message, verb: error.verb)
        }
    }
}

extension TaskPartitions {
    /// The error for a definition that has another number of parts in the store.
    public func mismatch(stored: some CustomStringConvertible) -> BellowsError {
        BellowsError(
            .layoutMismatch,
            "the definition \(name) has \(ErrorText.sanitize(stored.description)) partitions in the store, and \(count) here"
        )
    }
}
