/// A backend that remembers how many parts a definition has, so that programs which disagree are told.
public protocol PartitionKeeping: Backend {
    /// Notes the number of parts of a definition, unless one is noted already.
    ///
    /// An implementer owes: the first number other than 1 stays, for all processes, until it is removed by hand; a 1
    /// is compared but not noted.
    ///
    /// - Parameter partitions: the definition and its number of parts.
    /// - Throws: ``BackendError/Code/layoutMismatch`` if another number is noted; ``BackendError`` otherwise.
    func keep(_ partitions: TaskPartitions) async throws
    /// Whether the number was compared before, by this value, and need not be again; false by default.
    ///
    /// - Parameter partitions: the definition and its number of parts.
    func hasKept(_ partitions: TaskPartitions) -> Bool
}

extension PartitionKeeping {
    /// False: every publish compares.
    public func hasKept(_ partitions: TaskPartitions) -> Bool { false }
}

extension TaskPublishingBackend {
    /// Compares the number of parts with the store's, before the first publish.
    ///
    /// - Parameter requests: what is published next: what is not valid gets its own error, and nothing is sent.
    func agree(on partitions: TaskPartitions, before requests: @autoclosure () -> [PublishRequest]) async throws {
        guard let keeper = self as? any PartitionKeeping, !keeper.hasKept(partitions) else { return }
        _ = try PublishRequest.validate(requests(), limits: limits, date: keeper.timeSource.date)
        try await keeper.keep(partitions)
    }
}

extension TaskPartitions {
    /// The error for a definition that has another number of parts in the store.
    public func mismatch(stored: some CustomStringConvertible) -> BackendError {
        BackendError(
            .layoutMismatch,
            "the definition \(name) has \(ErrorText.sanitize(stored.description)) partitions in the store, and \(count) here"
        )
    }
}
