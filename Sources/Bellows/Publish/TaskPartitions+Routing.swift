extension TaskPartitions {
    /// The parts of a definition.
    ///
    /// - Throws: ``BellowsError`` for a name or a count that is not allowed.
    init<Definition: TaskDefinition>(_ definition: Definition.Type) throws(BellowsError) {
        try self.init(TaskName(definition.name), count: definition.partitions)
    }

    /// The part that a request goes to; it fixes the request's id.
    func route(_ request: inout PublishRequest) -> TaskName {
        guard count > 1 else { return name }
        let id = request.makeID()
        request.presetID = id
        return partition(for: id)
    }
}
