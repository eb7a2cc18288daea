/// Sends publishes to the parts of a definition. Which part an id belongs to says ``TaskPartitions/partition(for:)``.
extension TaskPartitions {
    /// The parts of a definition.
    ///
    /// - Throws: ``BellowsError/Code/invalidInput`` for a name or an option that is not allowed.
    init<Definition: TaskDefinition>(_ definition: Definition.Type) throws(BellowsError) {
        let options = definition.options
        try options.validate(for: .published)
        try self.init(TaskName(definition.name), count: options.partitions)
    }

    /// The part that a request goes to; it fixes the request's id, and tells the backend the number of parts.
    func route(_ request: inout PublishRequest) -> TaskName {
        request.partitionCount = agreedCount
        guard count > 1 else { return name }
        let id = request.makeID()
        request.presetID = id
        return partition(for: id)
    }
}
