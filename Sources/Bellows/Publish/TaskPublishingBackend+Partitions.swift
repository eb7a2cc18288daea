extension TaskPublishingBackend {
    /// Publishes tasks of a definition that is divided into parts, each to its own.
    ///
    /// All tasks of one part are stored or none of them, unlike those of several parts.
    ///
    /// - Parameters:
    ///   - requests: at most ``VerbLimits/publishedTasks``.
    ///   - partitions: the definition and its parts.
    /// - Returns: one answer for each request, in their order.
    /// - Throws: the first error, when all parts have answered: then some of the tasks may be stored.
    public func publish(
        _ requests: [PublishRequest],
        to partitions: TaskPartitions
    ) async throws(BellowsError) -> [PublishedTask] {
        guard partitions.count > 1 else {
            let count = partitions.agreedCount
            // Requests that come from a stream say so already.
            guard requests.contains(where: { $0.partitionCount != count }) else {
                return try await publish(requests, to: partitions.name)
            }
            var requests = requests
            for index in requests.indices { requests[index].partitionCount = count }
            return try await publish(requests, to: partitions.name)
        }
        var parts: [TaskName: (places: [Int], requests: [PublishRequest])] = [:]
        for (place, request) in requests.enumerated() {
            var request = request
            let name = partitions.route(&request)
            parts[name, default: ([], [])].places.append(place)
            parts[name, default: ([], [])].requests.append(request)
        }
        let groups = parts
        typealias Answers = Result<[(Int, PublishedTask)], BellowsError>
        let results = await withTaskGroup(of: Answers.self) { calls in
            for (name, part) in groups {
                calls.addTask {
                    await Answers(calling: { () async throws(BellowsError) in
                        Array(zip(part.places, try await publish(part.requests, to: name)))
                    })
                }
            }
            return await calls.reduce(into: [Answers]()) { $0.append($1) }
        }
        var answers: [(Int, PublishedTask)] = []
        for result in results { answers += try result.get() }
        guard answers.count == requests.count else {
            throw BellowsError.unansweredPublish
        }
        return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
