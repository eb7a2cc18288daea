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

    /// Why bytes cannot be read; nil if they can.
    private func problem(_ bytes: [UInt8]) -> UnreadableRecordError? {
        do throws(UnreadableRecordError) {
            _ = try RecordCoder.decode(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Foreign bytes are refused",
        arguments: [
            [], [1], [0, 0], [9, 0], [10, 0], [32, 0], [255, 0], [0x7F, 0x67], Array("{\"a\":1}".utf8),
            Array("\n text".utf8),
        ] as [[UInt8]]
    )
    func refusesForeignBytes(bytes: [UInt8]) {
        #expect(problem(bytes)?.cause == .malformed)
    }

    @Test(
        "What newer versions write is told apart, with what is not known of it",
        arguments: [
            ([1, 8], "its level and key"), ([1, 16, 2], "the version of its payload"), ([1, 32], "its start deadline"),
            ([1, 64, 1], "its place in a flow"), ([1, 25], "its level and key, the version of its payload"),
            ([1, 128, 2], "the flags 2 of its second byte of flags"),
            ([1, 128, 131], "the flags 130 of its second byte of flags"),
            ([2], "version 2 of its format"), ([8, 255], "version 8 of its format"),
        ] as [([UInt8], String)]
    )
    func tellsNewer(bytes: [UInt8], part: String) throws {
        let error = try #require(problem(bytes))
        #expect(error.cause == .newer)
        #expect(error.description.hasSuffix("this one does not know " + part))
    }

    @Test("Each flag that is not known makes a record newer, whatever stands beside and behind it")
    func eachUnknownFlag() {
        for flags in UInt8.min...UInt8.max {
            let bytes = [1, flags] + [UInt8](repeating: 0, count: 9)
            let isNewer = flags & 0b0111_1000 != 0
            #expect(problem(bytes)?.cause == (isNewer ? .newer : nil), "flags \(flags)")
            let second = [1, 128, flags] + [UInt8](repeating: 0, count: 9)
            #expect(problem(second)?.cause == (flags & 0b1111_1110 != 0 ? .newer : nil), "second flags \(flags)")
        }
    }

    @Test("When a task was published is read past")
    func publishedAt() throws {
        let record = try RecordCoder.decode([1, 132, 1, 5, 0x80, 0xE4, 0x97, 0xD0, 0x8C, 0x35, 7, 8])
        #expect(record == TaskRecord(payload: [7, 8], deduplicationWindow: .milliseconds(5)))
        #expect(try RecordCoder.decode([1, 128, 0, 7]) == TaskRecord(payload: [7]))
        #expect(problem([1, 128])?.cause == .malformed)
        #expect(problem([1, 128, 1, 0x80])?.cause == .malformed)
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
            #expect(throws: UnreadableRecordError.self) { try RecordCoder.decode(Array(bytes.prefix(count))) }
        }
    }

    @Test("Absurd counts and lengths neither trap nor allocate")
    func refusesAbsurdNumbers() {
        let huge = [UInt8](repeating: 0xFF, count: 9)
        for tail in [huge + [1], huge + [2], huge + huge, [0xFF], [0x80, 0x80]] as [[UInt8]] {
            #expect(throws: UnreadableRecordError.self) { try RecordCoder.decode([1, 1] + tail) }
            #expect(throws: UnreadableRecordError.self) { try RecordCoder.decode([1, 1, 1] + tail) }
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
            let bytes = [1, UInt8.random(in: 0...255, using: &random)] + noise
            do { _ = try RecordCoder.decode(bytes) } catch { #expect(!error.description.isEmpty) }
        }
    }
}
