/// Turns records into the bytes that a store keeps, and back. The format is told in docs/redis-layout.md.
package enum RecordCoder {
    /// The format that is written. Others are refused when they are read.
    static let version: UInt8 = 1

    private enum Flag {
        static let headers: UInt8 = 1
        static let retryPolicy: UInt8 = 2
        static let deduplicationWindow: UInt8 = 4
    }

    /// The bytes of a record. Headers are sorted, so equal records have equal bytes.
    package static func encode(_ record: TaskRecord) -> [UInt8] {
        var flags: UInt8 = 0
        if !record.headers.isEmpty { flags |= Flag.headers }
        if record.retryPolicy != nil { flags |= Flag.retryPolicy }
        if record.deduplicationWindow != nil { flags |= Flag.deduplicationWindow }
        var writer = RecordWriter(reserving: record.payload.count + record.headerSize + 8 * record.headers.count + 64)
        writer.append(version)
        writer.append(flags)
        if !record.headers.isEmpty {
            writer.append(number: UInt64(record.headers.count))
            for (name, value) in record.headers.sorted(by: { $0.key < $1.key }) {
                writer.append(text: name)
                writer.append(text: value)
            }
        }
        if let policy = record.retryPolicy {
            writer.append(number: UInt64(max(0, policy.maximumAttempts)))
            writer.append(duration: policy.backoff.base)
            let factor = policy.backoff.factor
            writer.append(number: factor.isFinite ? UInt64(min(max(1, factor), 1e9) * 1000) : 1000)
            writer.append(duration: policy.backoff.maximum)
        }
        if let window = record.deduplicationWindow { writer.append(duration: window) }
        writer.append(contentsOf: record.payload)
        return writer.bytes
    }

    /// Reads a record.
    ///
    /// - Throws: ``MalformedRecordError`` if the bytes are none of ours.
    package static func decode(_ bytes: [UInt8]) throws(MalformedRecordError) -> TaskRecord {
        var reader = RecordReader(bytes)
        let version = try reader.byte()
        guard version == Self.version else { throw MalformedRecordError("record version \(version) is unknown") }
        let flags = try reader.byte()
        guard flags & ~(Flag.headers | Flag.retryPolicy | Flag.deduplicationWindow) == 0 else {
            throw MalformedRecordError("record flags \(flags) are unknown")
        }
        var record = TaskRecord(payload: [])
        if flags & Flag.headers != 0 {
            for _ in 0..<(try reader.number()) {
                let name = try reader.text()
                record.headers[name] = try reader.text()
            }
        }
        if flags & Flag.retryPolicy != 0 {
            let attempts = Int(min(try reader.number(), 1_000_000))
            let base = try reader.duration()
            let factor = Double(try reader.number()) / 1000
            let backoff = Backoff(base: base, factor: factor, maximum: try reader.duration())
            record.retryPolicy = RetryPolicy(maximumAttempts: attempts, backoff: backoff)
        }
        if flags & Flag.deduplicationWindow != 0 { record.deduplicationWindow = try reader.duration() }
        record.payload = reader.rest()
        return record
    }
}
