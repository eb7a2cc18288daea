/// A backend that remembers how many parts a definition has, so that programs which disagree find out.
///
/// An implementer owes: compare ``PublishRequest/partitionCount`` of what is published with the number that is noted,
/// as ``registerPartitionCount(_:)`` does, before anything is stored.
public protocol PartitionCountRegistry: Backend {
    /// Notes the number of parts of a definition, unless one is noted already.
    ///
    /// An implementer owes: the first number other than 1 stays, for all processes, until it is removed by hand; a 1
    /// is compared but not noted.
    ///
    /// - Parameter partitions: the definition and its number of parts.
    /// - Throws: ``BellowsError/Code/layoutMismatch`` if another number is noted.
    func registerPartitionCount(_ partitions: TaskPartitions) async throws(BellowsError)
}

extension TaskPartitions {
    /// The error for a definition that has another number of parts in the store.
    public func mismatch(stored: some CustomStringConvertible) -> BellowsError {
        BellowsError(
            .layoutMismatch,
            "the definition \(name) has \(ErrorText.sanitize(stored.description)) partitions in the store, "
                + "and \(count) here"
        )
    }
}
