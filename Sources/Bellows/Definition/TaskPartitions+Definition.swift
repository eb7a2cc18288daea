extension TaskPartitions {
    /// The parts of a definition that tasks are published to.
    ///
    /// - Parameter definition: its ``TaskOptions/partitions`` says how many there are.
    /// - Throws: ``BellowsError/Code/invalidInput`` for a name or an option that is not allowed.
    public init<Definition: TaskDefinition>(_ definition: Definition.Type) throws(BellowsError) {
        let options = definition.options
        try options.validate(for: .published)
        try self.init(TaskName(definition.name), count: options.partitions)
    }
}
