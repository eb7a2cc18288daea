import Bellows

/// Bytes come back as they went in.
enum PayloadChecks {
    static let all = [
        ConformanceCheck("payloads: any bytes come back as they went in, as payload and as result") { environment in
            let bench = try await environment.workbench("bytes")
            for (what, bytes) in table {
                let published = try await bench.publish(bytes, options: PublishOptions(announcesResult: true))
                let task = try await bench.claimOne(by: bench.other)
                try expectEqual(task.record.payload, bytes, "payload: \(what)")
                try expectEqual(try await bench.finish(task, result: bytes), .done, "finishing: \(what)")
                let result = try await bench.result(of: published.id, run: published.run)
                try expectEqual(result, .finished(bytes), "result: \(what)")
            }
        },
        ConformanceCheck("payloads: the limit is taken, one byte less too, one byte more is refused") { environment in
            let bench = try await environment.workbench("limit")
            let limit = bench.backend.limits.payload
            for size in [limit - 1, limit] {
                let bytes = pattern(size)
                _ = try await bench.publish(bytes)
                let task = try await bench.claimOne()
                try expect(task.record.payload == bytes, "a payload of \(size) bytes came back changed")
                try expectEqual(try await bench.finish(task), .done, "finishing")
            }
            let failure = try await expectThrows(BellowsError.self, "a payload of \(limit + 1) bytes") {
                _ = try await bench.publish(pattern(limit + 1))
            }
            try expectEqual(failure, .payloadTooLarge(size: limit + 1, limit: limit).during(.publish), "the error")
            try await bench.publish("usable")
            try expectEqual(try await bench.drain(), ["usable"], "the backend after a refusal")
        },
        ConformanceCheck("payloads: a result of the limit's size is kept") { environment in
            let bench = try await environment.workbench("result-limit")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            let bytes = pattern(bench.backend.limits.result)
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: bytes), .done, "finishing")
            let result = try await bench.result(of: published.id)
            try expect(result == .finished(bytes), "the result came back changed")
        },
        ConformanceCheck("payloads: a claim stops at about 1 MiB, but hands out one task at least") { environment in
            let bench = try await environment.workbench("budget")
            let size = min(bench.backend.limits.payload, 700 << 10)
            for first in 1...4 {
                _ = try await bench.publish([UInt8(first)] + pattern(size - 1))
            }
            var order: [UInt8] = []
            while case .claimed(let tasks, _) = try await bench.claim(.earliest(100)) {
                let total = tasks.reduce(0) { $0 + $1.record.payload.count }
                try expect(
                    tasks.count == 1 || total <= VerbLimits.callBytes,
                    "\(tasks.count) tasks of \(total) bytes in one claim"
                )
                order += tasks.compactMap(\.record.payload.first)
            }
            try expectEqual(order, [1, 2, 3, 4], "all tasks, in their order")
        },
        ConformanceCheck("payloads: headers may hold any text") { environment in
            let bench = try await environment.workbench("headers")
            let headers = [
                "": "empty name", "empty": "", "quote\"": "\\\"'", "line\r\n": "a\r\nb", "nul\0": "\0",
                "日本": "🔥👩‍👩‍👧", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ]
            try await bench.publish("x", options: PublishOptions(headers: headers))
            try expectEqual(try await bench.claimOne().record.headers, headers, "headers")
        },
    ]

    private static let table: [(String, [UInt8])] = [
        ("empty", []),
        ("NUL", [0]),
        ("NUL inside", [65, 0, 66]),
        ("invalid UTF-8", [0, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80]),
        ("all bytes", Array(0...255)),
        ("emoji", Array("🔥👩‍👩‍👧‍👦é".utf8)),
        ("quotes", Array(#"{"a":"\"b'c`\\"}"#.utf8)),
        ("CRLF", Array("a\r\nb\r\n".utf8)),
        ("Redis protocol", Array("*1\r\n$4\r\nPING\r\n".utf8)),
        ("2^53+1", Array("9007199254740993".utf8)),
        ("2^63-1", Array("9223372036854775807".utf8)),
        ("empty array", Array("[]".utf8)),
        ("empty object", Array("{}".utf8)),
        ("line separators", Array("\u{2028}\u{2029}".utf8)),
        ("zero", Array("0".utf8)),
        ("minus one", Array("-1".utf8)),
        ("nil", Array("nil".utf8)),
        ("spaces", Array("  ".utf8)),
        ("newline", Array("\n".utf8)),
        ("a version byte", [1]),
        ("64 KiB", pattern(1 << 16)),
    ]

    private static func pattern(_ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }
}
