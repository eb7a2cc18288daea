import Testing

@testable import Bellows

@Suite struct RecordCoderTests {
    static let records: [TaskRecord] = [
        TaskRecord(payload: []),
        TaskRecord(payload: [0, 255, 0xC3, 0x28, 10, 13]),
        TaskRecord(payload: Array(repeating: 7, count: 300), headers: ["a": "", "": "b", "trace": "é\u{0}🔥"]),
        TaskRecord(
            payload: [1],
            retryPolicy: RetryPolicy(
                maximumAttempts: 1_000_000,
                backoff: Backoff(base: .milliseconds(1), factor: 1.5, maximum: .seconds(86400))
            )
        ),
        TaskRecord(payload: [2], deduplicationWindow: .zero),
        TaskRecord(
            payload: [3],
            headers: [String(repeating: "n", count: 200): String(repeating: "v", count: 20_000)],
            retryPolicy: RetryPolicy(),
            deduplicationWindow: Availability.maximumDelay
        ),
    ]

    @Test("What is written is read", arguments: records)
    func roundTrip(record: TaskRecord) throws {
        #expect(try RecordCoder.decode(RecordCoder.encode(record)) == record)
    }

    @Test("A plain record costs two bytes")
    func plain() {
        #expect(RecordCoder.encode(TaskRecord(payload: [9, 8])) == [1, 0, 9, 8])
    }

    @Test("Equal records have equal bytes")
    func isStable() {
        let headers = Dictionary(uniqueKeysWithValues: (0..<50).map { ("h\($0)", "v\($0)") })
        let reversed = Dictionary(uniqueKeysWithValues: (0..<50).reversed().map { ("h\($0)", "v\($0)") })
        #expect(
            RecordCoder.encode(TaskRecord(payload: [], headers: headers))
                == RecordCoder.encode(TaskRecord(payload: [], headers: reversed))
        )
    }

    @Test(
        "Foreign bytes are refused",
        arguments: [[], [1], [0, 0], [2, 0], [1, 8], [1, 255], [0x7F, 0x67]] as [[UInt8]]
    )
    func refusesForeignBytes(bytes: [UInt8]) {
        #expect(throws: MalformedRecordError.self) { try RecordCoder.decode(bytes) }
    }

    @Test("A record that is cut off anywhere before its payload is refused")
    func refusesCutRecords() {
        let record = TaskRecord(
            payload: [],
            headers: ["a": "b"],
            retryPolicy: RetryPolicy(),
            deduplicationWindow: .zero
        )
        let bytes = RecordCoder.encode(record)
        for count in 0..<bytes.count {
            #expect(throws: MalformedRecordError.self) { try RecordCoder.decode(Array(bytes.prefix(count))) }
        }
    }

    @Test("Absurd counts and lengths neither trap nor allocate")
    func refusesAbsurdNumbers() {
        let huge = [UInt8](repeating: 0xFF, count: 9)
        for tail in [huge + [1], huge + [2], huge + huge, [0xFF], [0x80, 0x80]] as [[UInt8]] {
            #expect(throws: MalformedRecordError.self) { try RecordCoder.decode([1, 1] + tail) }
            #expect(throws: MalformedRecordError.self) { try RecordCoder.decode([1, 1, 1] + tail) }
        }
        // As a duration the largest number is merely long.
        #expect(throws: Never.self) { try RecordCoder.decode([1, 4] + huge + [1]) }
    }

    @Test("Random bytes never trap")
    func survivesNoise() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let noise = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let bytes = [1, UInt8.random(in: 0...7, using: &random)] + noise
            do { _ = try RecordCoder.decode(bytes) } catch { #expect(!error.description.isEmpty) }
        }
    }
}
