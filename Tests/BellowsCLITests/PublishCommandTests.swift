import BellowsRuntime
import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows publish` and `bellows await` against a real server.
@Suite(.turn) struct PublishCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func printsAnIDAndKeepsTheResult() async throws {
        let id = try await fixture.publish("hello")
        #expect(id.count == 26)
        try await fixture.work("tr a-z A-Z")
        let result = try await fixture.run("await", fixture.name, id)
        #expect(result.text == "HELLO\n")
        #expect(result.status == 0)
    }

    @Test func keepsNoResultWhenToldSo() async throws {
        let id = try await fixture.publish("hello", "--no-result")
        try await fixture.work("cat")
        #expect(try await fixture.run("await", fixture.name, id).status == 1)
    }

    @Test func publishesAnIDOnce() async throws {
        #expect(try await fixture.publish("a", "--id", "mine") == "mine")
        let again = try await fixture.run("publish", fixture.name, "b", "--id", "mine", "--json")
        #expect(again.text == #"{"id":"mine","outcome":"already_published"}"# + "\n")
        try await fixture.work("cat")
        #expect(try await fixture.run("await", fixture.name, "mine").text == "a\n")
        let finished = try await fixture.run("publish", fixture.name, "c", "--id", "mine", "--json")
        #expect(finished.text == #"{"id":"mine","outcome":"already_finished"}"# + "\n")
    }

    @Test func passesPayloadsByteForByte() async throws {
        let bytes: [UInt8] = Array(0...255) + Array("\r\n'\"$👋".utf8)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let ids = [
            try await fixture.run("publish", fixture.name, "--payload-file", file.path).lines[0],
            try await BellowsProcess.run(
                ["publish", fixture.name, "--payload-file", "-"],
                url: fixture.url,
                input: bytes
            ).lines[0],
        ]
        try await fixture.work("cat")
        for id in ids {
            let plain = try await fixture.run("await", fixture.name, id)
            #expect(plain.output == bytes + [10])
            let json = try await fixture.run("await", fixture.name, id, "--json")
            #expect(json.text.contains(#""result_base64":"\#(Data(bytes).base64EncodedString())""#))
        }
    }

    @Test func publishesEachLineAndAwaitsInOrder() async throws {
        let worker = try fixture.start("work", fixture.name, "--concurrency", "4", "--", "cat")
        let lines = (0..<500).map { $0 % 7 == 0 ? "" : "line \($0) \u{E9}" }
        let result = try await fixture.run(
            "publish",
            fixture.name,
            "--stdin-lines",
            "--await",
            "--timeout",
            CommandLineFixture.patience,
            input: lines.joined(separator: "\n")
        )
        #expect(result.lines == lines)
        #expect(result.errors == "")
        #expect(result.status == 0)
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
    }

    @Test func goesOnAfterTasksThatFail() async throws {
        let script = #"read line; case $line in bad) echo "no good" >&2; exit 65;; *) echo "ok $line";; esac"#
        let worker = try fixture.start("work", fixture.name, "--", "/bin/sh", "-c", script)
        let long = String(repeating: "x", count: (1 << 20) + 1)
        let result = try await fixture.run(
            "publish",
            fixture.name,
            "--stdin-lines",
            "--await",
            "--timeout",
            CommandLineFixture.patience,
            input: "one\nbad\n\(long)\ntwo\n"
        )
        worker.signal(SIGTERM)
        _ = await worker.ending()
        #expect(result.lines == ["ok one", "", "", "ok two"])
        #expect(result.status == 1)
        let errors = result.errors.split(separator: "\n")
        #expect(errors.count == 2)
        #expect(errors.first?.hasSuffix(": the task died: exit code 65: no good") == true)
        #expect(errors.last == "line 3: payload of 1048577 bytes is over the limit of 1048576 bytes")
    }

    @Test func tellsTimeOutsApart() async throws {
        let many = try await fixture.run(
            "publish",
            fixture.name,
            "--stdin-lines",
            "--await",
            "--timeout",
            "50ms",
            input: "a\nb\n"
        )
        #expect(many.lines == ["", ""])
        #expect(many.status == 124)
        #expect(many.errors.split(separator: "\n").count == 2)
        let one = try await fixture.run("publish", fixture.name, "a", "--await", "--timeout", "50ms")
        #expect(one.status == 124)
        #expect(one.text == "")
        #expect(one.errors.hasPrefix("bellows: "))
        let unknown = try await fixture.run("await", fixture.name, "nobody", "--json")
        #expect(unknown.status == 1)
        #expect(unknown.text.contains(#""outcome":"unknown""#))
    }

    @Test func saysThatADeadLetterHasTheID() async throws {
        _ = try await fixture.publish("x", "--id", "k")
        try await fixture.work("exit 65")
        let plain = try await fixture.run("publish", fixture.name, "two", "--id", "k")
        #expect(plain.status == 1)
        #expect(plain.text == "")
        #expect(plain.errors.hasPrefix("bellows: k: a dead letter has this id"))
        #expect(plain.errors.split(separator: "\n").count == 1)
        let json = try await fixture.run("publish", fixture.name, "two", "--id", "k", "--json")
        #expect(json.status == 1)
        #expect(json.text.hasPrefix(#"{"id":"k","outcome":"already_dead""#))
        let awaited = try await fixture.run("publish", fixture.name, "two", "--id", "k", "--await")
        #expect(awaited.status == 1)
        #expect(try await fixture.run("dead", "retry", fixture.name, "k").status == 0)
        #expect(
            try await fixture.run("publish", fixture.name, "two", "--id", "k", "--json").text.contains(
                "already_published"
            )
        )
    }

    @Test func keepsResultsWithNewlinesApart() async throws {
        let worker = try fixture.start("work", fixture.name, "--", "/bin/sh", "-c", #"read n; printf "$n\nsecond\n""#)
        let result = try await fixture.run(
            [
                "publish", fixture.name, "--stdin-lines", "--await", "--print0", "--timeout",
                CommandLineFixture.patience,
            ],
            input: "a\nb\n"
        )
        #expect(result.text == "a\nsecond\n\0b\nsecond\n\0")
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
        for wrong in [["--print0"], ["--print0", "--await", "--json"]] {
            #expect(try await fixture.run(["publish", fixture.name, "x"] + wrong).status == 2)
        }
    }

    #if os(Linux)
        @Test("Large results behind a slow one stay in the store until it is their turn")
        func boundsItsMemory() async throws {
            let script = #"read n; [ $n != 0 ] || read word <"$GATE"; head -c 1048576 /dev/zero"#
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let gate = folder.appendingPathComponent("gate").path
            #expect(mkfifo(gate, 0o600) == 0)
            let worker = try fixture.start(
                "work",
                fixture.name,
                "--concurrency",
                "2",
                "--",
                "/bin/sh",
                "-c",
                script,
                environment: ["GATE": gate]
            )
            let count = 150
            let publisher = try BellowsProcess(
                [
                    "-c", #""$0" publish "$1" --stdin-lines --await --timeout 5m | wc -c"#,
                    BellowsProcess.executable?.path ?? "", fixture.name,
                ],
                url: fixture.url,
                program: URL(fileURLWithPath: "/bin/sh")
            )
            publisher.write(Array((0..<count).map { "\($0)\n" }.joined().utf8))
            // All but the first have ended.
            try await FixtureWait.until("all but one are finished") {
                let stats = try await fixture.run("stats", fixture.name, "--json").text
                return stats.contains("\"finished_total\":\(count - 1)")
            }
            let opened = OwnThread.start(name: "test-gate") {
                // A publisher that has ended shows below.
                try? Data("go\n".utf8).write(to: URL(fileURLWithPath: gate))
            }
            #expect(opened)
            var peak = 0
            while let resident = Self.peak(ofCommandBelow: publisher.pid) { peak = max(peak, resident) }
            let ending = await publisher.ending()
            #expect(ending.text.contains("\(count * ((1 << 20) + 1))"))
            #expect(peak > 0 && peak < 110 << 10, "\(peak) KiB at most")
            worker.signal(SIGTERM)
            #expect(await worker.ending().status == 0)
        }

        /// The most memory that a publisher below a shell has used, in KiB; nil once it has ended.
        private static func peak(ofCommandBelow shell: Int32) -> Int? {
            let path = "/proc/\(shell)/task/\(shell)/children"
            let children = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
            for child in children.split(separator: " ") {
                let status = FileManager.default.contents(atPath: "/proc/\(child)/status") ?? Data()
                let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
                guard lines.first?.hasSuffix("BellowsCLI") == true,
                    let line = lines.first(where: { $0.hasPrefix("VmHWM:") })
                else { continue }
                return Int(line.split(separator: " ").dropLast().last ?? "")
            }
            return nil
        }
    #endif

    @Test func delays() async throws {
        let later = try await fixture.publish("x", "--delay", "1h")
        let past = try await fixture.publish("x", "--at", "2020-01-01T00:00:00+01:00")
        let facts = try await fixture.inspect(later)
        #expect(facts["state"] as? String == "delayed")
        #expect(facts["due"] is String)
        let never = try await fixture.run("publish", fixture.name, "x", "--at", "2100-01-01T00:00:00Z")
        #expect(never.status == 2)
        #expect(never.errors.contains("until 2100-01-01T00:00:00Z"))
        #expect(try await fixture.inspect(past)["state"] as? String == "ready")
    }

    @Test func refusesWhatIsTooLarge() async throws {
        let result = try await BellowsProcess.run(
            ["publish", fixture.name, "--payload-file", "-"],
            url: fixture.url,
            input: [UInt8](repeating: 0, count: 2 << 20)
        )
        #expect(result.status == 1)
        #expect(result.text == "")
        #expect(result.errors.contains("over the limit of 1048576 bytes"))
    }

    @Test func saysWhenItsOutputIsLost() async throws {
        let result = try await BellowsProcess.run(
            ["-c", #"exec "$0" publish "$1" x >/dev/full"#, BellowsProcess.executable?.path ?? "", fixture.name],
            url: fixture.url,
            program: URL(fileURLWithPath: "/bin/sh")
        )
        #expect(result.status == 1)
        #expect(result.errors == "bellows: cannot write to standard output: No space left on device\n")
    }

    @Test func tellsOfReplicas() async throws {
        let wait = ["--replicas", "1", "--replica-timeout", "10ms"]
        let plain = try await fixture.run(["publish", fixture.name, "x"] + wait)
        #expect(plain.status == 0)
        #expect(plain.errors.contains("it is stored, and will run, but 0 replicas are known to have it"))
        let lines = try await fixture.run(
            ["publish", fixture.name, "--stdin-lines", "--json"] + wait,
            input: "a\nb\n"
        )
        #expect(lines.lines.count { $0.contains(#""replicas":0,"replicated":false"#) } == 2)
        for wrong in [["--replicas", "0"], ["--replica-timeout", "1s"]] {
            #expect(try await fixture.run(["publish", fixture.name, "x"] + wrong).status == 2)
        }
    }
}
