public import Bellows

extension RedisBackend {
    /// Not again, once this process has compared the number with the store's.
    public func needsPartitionCheck(_ partitions: TaskPartitions) -> Bool {
        !operations.partitions.contains(partitions)
    }

    /// Notes the number of parts of a definition under a key of its first part. A process asks once for each
    /// definition; after the number was changed by hand (DEL), processes have to be started again.
    public func registerPartitionCount(_ partitions: TaskPartitions) async throws(BellowsError) {
        do throws(BellowsError) {
            guard needsPartitionCheck(partitions) else { return }
            let (runner, key) = (operations.runner, operations.keys.partitionCount(of: partitions.name))
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
            operations.partitions.insert(partitions)
        } catch {
            throw error.during(.registerPartitionCount)
        }
    }
}
