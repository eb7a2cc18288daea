public import Bellows

extension RedisBackend {
    /// Compares the number of parts that publishers name with the store's, before the first publish.
    func comparePartitionCounts(of requests: [PublishRequest], to name: TaskName) async throws(BellowsError) {
        var compared: Int?
        for request in requests {
            guard let count = request.partitionCount, count != compared else { continue }
            compared = count
            let partitions = TaskPartitions(unchecked: name.definition, count: count)
            do throws(BellowsError) {
                try await registerPartitionCount(partitions)
            } catch {
                // Nothing was published, whatever became of this call.
                guard error.code == .outcomeUnknown else { throw error }
                throw BellowsError(.unavailable, error.message, verb: error.verb)
            }
        }
    }

    /// Notes the number of parts of a definition under a key of its first part. A process asks once for each
    /// definition; after the number was changed by hand (DEL), processes have to be started again.
    public func registerPartitionCount(_ partitions: TaskPartitions) async throws(BellowsError) {
        do throws(BellowsError) {
            try await operations.partitions.compare(partitions) { () async throws(BellowsError) in
                try await compareWithStore(partitions)
            }
        } catch {
            throw error.during(.registerPartitionCount)
        }
    }

    private func compareWithStore(_ partitions: TaskPartitions) async throws(BellowsError) {
        let (runner, key) = (operations.runner, operations.keys.key(.partitions, of: partitions.name))
        if partitions.count > 1 {
            _ = try await runner.run(RedisCommand("SET", key, "\(partitions.count)", "NX"), on: .key(key))
        }
        switch try await runner.run(RedisCommand("GET", key), on: .key(key)) {
        case .null: break
        case .bytes(let bytes):
            let stored = String(decoding: bytes, as: UTF8.self)
            guard stored == "\(partitions.count)" else { throw partitions.mismatch(stored: stored) }
        default: throw RedisReply.unexpected(to: "GET")
        }
    }
}
