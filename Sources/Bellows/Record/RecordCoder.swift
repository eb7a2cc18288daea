/// Turns records into the bytes that a store keeps, and back; for backends. The format is described in
/// docs/redis-layout.md, and versions of the library that share a store agree on it.
public enum RecordCoder {
    /// The format that is written. Of the others, those up to ``newestVersion`` are kept for newer versions.
    static let version: UInt8 = 1
    /// The last number that a format of ours may have: what other programs store, text above all, begins with a
    /// higher byte.
    static let newestVersion: UInt8 = 8

    private enum Flag {
        static let headers: UInt8 = 1
        static let retryPolicy: UInt8 = 2
        static let deduplicationWindow: UInt8 = 4
        /// A second byte of flags follows the first.
        static let more: UInt8 = 128
        static let known = headers | retryPolicy | deduplicationWindow | more
    }

    private enum SecondFlag {
        /// When the task was published, in ms since 1970. Nothing here needs it, so it is read past.
        static let publishedAt: UInt8 = 1
        static let known = publishedAt
    }

    /// What flags mean that newer versions set. Their tasks must not run without what they announce.
    private static let laterParts: [(flag: UInt8, name: String)] = [
        (8, "its level and key"), (16, "the version of its payload"), (32, "its start deadline"),
        (64, "its place in a flow"),
    ]

    /// The bytes of a record. Headers are sorted, so equal records have equal bytes.
    ///
    /// - Parameter record: what a publisher hands over.
    public static func encode(_ record: TaskRecord) -> [UInt8] {
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
    /// - Parameter bytes: what the store holds, from any program.
    /// - Throws: ``UnreadableRecordError`` if a newer version wrote it, or the bytes are none of ours.
    public static func decode(_ bytes: [UInt8]) throws(UnreadableRecordError) -> TaskRecord {
        var reader = RecordReader(bytes)
        let version = try reader.byte()
        guard version == Self.version else { throw unreadable(version: version) }
        let flags = try reader.byte()
        guard flags & ~Flag.known == 0 else { throw newer(flags: flags) }
        var secondFlags: UInt8 = 0
        if flags & Flag.more != 0 {
            secondFlags = try reader.byte()
            let unknown = secondFlags & ~SecondFlag.known
            guard unknown == 0 else { throw .newer("the flags \(unknown) of its second byte of flags") }
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
        if secondFlags & SecondFlag.publishedAt != 0 { _ = try reader.number() }
        record.payload = reader.rest()
        return record
    }

    private static func unreadable(version: UInt8) -> UnreadableRecordError {
        version > Self.version && version <= newestVersion
            ? .newer("version \(version) of its format") : .malformed("record version \(version) is unknown")
    }

    private static func newer(flags: UInt8) -> UnreadableRecordError {
        .newer(laterParts.filter { flags & $0.flag != 0 }.map(\.name).joined(separator: ", "))
    }
}
