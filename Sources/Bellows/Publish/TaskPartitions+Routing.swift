/// Sends publishes to the parts of a definition. Which part an id belongs to says ``TaskPartitions/partition(for:)``.
extension TaskPartitions {
    /// The part that a request goes to; it fixes the request's id, and tells the backend the number of parts.
    func route(_ request: inout PublishRequest) -> TaskName {
        request.partitionCount = agreedCount
        guard count > 1 else { return name }
        let id = request.makeID()
        request.presetID = id
        return partition(for: id)
    }
}
