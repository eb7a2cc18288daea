import Bellows
import BellowsTesting
import Foundation
import TestTurns
import Testing

@testable import BellowsCLI

@Suite(.turn) struct OutputTests {
    @Test func writesJSON() {
        let object = JSONText.object([
            ("text", .string("a\"b\\c\n\r\t\u{0}\u{1B}\u{2028}é👋")), ("number", .number(-5)), ("none", .null),
        ])
        #expect(
            object.text
                == #"{"text":"a\"b\\c\n\r\t\u0000\u001b\u2028é👋","number":-5,"none":null}"#
        )
    }

    @Test(arguments: [
        ([], "result", ""), (Array("ok\n".utf8), "result", "ok\n"), ([0xFF], "result_base64", "/w=="),
        ([0xFF, 0xFE], "result_base64", "//4="), ([0xFF, 0xFE, 0xFD], "result_base64", "//79"),
        ([0xFF, 0, 0, 0x41], "result_base64", "/wAAQQ=="),
    ])
    func tellsResultsAsTextOrBase64(_ bytes: [UInt8], _ key: String, _ text: String) {
        let member = JSONText.bytes("result", bytes)
        #expect(member.key == key)
        guard case .string(let value) = member.value else { return #expect(Bool(false), "not a string") }
        #expect(value == text)
    }

    @Test func alignsTables() {
        var table = TextTable(header: ["NAME", "N"])
        table.add(["a", "10"])
        table.add(["longer", "2"])
        #expect(table.lines == ["NAME    N", "a       10", "longer  2"])
    }

    @Test func tellsProgressNotTooOften() {
        let start = ContinuousClock.now
        var meter = ProgressMeter(start: start)
        #expect(meter.line(done: 20, left: 5, at: start + .seconds(2)) == "10/s, 20 done, 5 left")
        #expect(meter.line(done: 21, left: 4, at: start + .milliseconds(2100)) == nil)
        #expect(meter.line(done: 30, left: nil, at: start + .seconds(3)) == "10/s, 30 done")
    }

    @Test func reportsWithNewlinesWhereTheyLack() throws {
        let id = try TaskID("a")
        func output(_ outcome: TaskReport.Outcome) -> String {
            String(decoding: TaskReport(id: id, outcome: outcome).output(.lines), as: UTF8.self)
        }
        #expect(output(.published(.new)) == "a\n")
        #expect(output(.finished(Array("x".utf8))) == "x\n")
        #expect(output(.finished(Array("x\n".utf8))) == "x\n")
        #expect(output(.finished([])) == "\n")
        #expect(output(.failed(.timedOut)) == "\n")
        let json = TaskReport(id: id, outcome: .failed(.dead(reason: "boom"))).output(.json)
        #expect(
            String(decoding: json, as: UTF8.self) == #"{"id":"a","outcome":"dead","error":"the task died: boom"}"#
                + "\n"
        )
    }

    @Test func endsRecordsWithZero() throws {
        func output(_ outcome: TaskReport.Outcome) -> [UInt8] {
            TaskReport(id: nil, outcome: outcome).output(.zeroTerminated)
        }
        #expect(output(.finished(Array("a\nb\n".utf8))) == Array("a\nb\n\0".utf8))
        #expect(output(.finished([])) == [0])
        #expect(output(.failed(.timedOut)) == [0])
    }

    @Test func saysThatADeadLetterHasTheID() throws {
        let report = TaskReport(id: try TaskID("k"), outcome: .published(.alreadyDead))
        #expect(report.failure?.status == .failed)
        #expect(String(decoding: report.output(.json), as: UTF8.self).hasPrefix(#"{"id":"k","outcome":"already_dead""#))
    }

    @Test(arguments: [
        (Duration.milliseconds(1200), "1.2s"), (.milliseconds(1), "0.1s"), (.seconds(59), "59.0s"),
        (.seconds(60), "1m"), (.seconds(3661), "1h 1m"), (.seconds(3601), "1h"), (.seconds(90_000), "1d 1h"),
    ])
    func tellsDurations(_ duration: Duration, _ text: String) {
        #expect(DurationText.text(duration) == text)
    }

    @Test func combinesExitCodes() {
        #expect(ProgramStatus.success.combined(with: .failed) == .failed)
        #expect(ProgramStatus.timedOut.combined(with: .failed) == .timedOut)
        #expect(ProgramStatus.failed.combined(with: .timedOut) == .timedOut)
        #expect(ProgramStatus.timedOut.combined(with: .unavailable) == .unavailable)
        #expect(ProgramStatus.timedOut.combined(with: .success) == .timedOut)
    }

    @Test(arguments: [
        (BellowsError.Code.unavailable, ProgramStatus.unavailable), (.outcomeUnknown, .unavailable),
        (.accessDenied, .unavailable), (.storeFull, .failed), (.invalidConfiguration, .usage),
        (.unsupportedServer, .unavailable),
    ])
    func mapsErrorsOfTheStore(_ code: BellowsError.Code, _ status: ProgramStatus) {
        #expect(CommandFailure(BellowsError(code, "x")).status == status)
        #expect(CommandFailure(TaskAwaitError.backend(BellowsError(code, "x"))).status == status)
    }

    @Test func mapsRefusals() {
        #expect(CommandFailure(BellowsError.payloadTooLarge(size: 2, limit: 1)).status == .failed)
        #expect(CommandFailure(BellowsError.name("x")).status == .usage)
        #expect(CommandFailure(TaskAwaitError.timedOut).status == .timedOut)
        #expect(CommandFailure(TaskAwaitError.unknown).status == .failed)
    }

    @Test("What nobody reads is dropped after a while, and its reader is told later")
    func dropsWhatNobodyReads() async throws {
        let pipe = Pipe()
        let sink = ByteSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, name: "the pipe")
        let chunk = [UInt8](repeating: 120, count: 100 << 10)
        // The first ones fill the pipe and the buffer, and one waits in vain.
        for _ in 0..<3 { await sink.offer(chunk, waitingAtMost: .milliseconds(50)) }
        let begin = ContinuousClock.now
        for _ in 0..<100 { await sink.offer(chunk, waitingAtMost: MachineLoad.stretched(.seconds(600))) }
        #expect(ContinuousClock.now - begin < MachineLoad.stretched(.seconds(60)), "nothing waits any more")
        let reader = Task.detached {
            var text = ""
            while !text.contains("bytes were dropped\n") {
                text += String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
            }
            return text
        }
        let end = "bellows: nobody read the pipe: \(100 * chunk.count) bytes were dropped\n"
        #expect(await reader.value.hasSuffix(end))
    }
}
