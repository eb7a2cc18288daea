import Bellows
import Foundation
import Testing

@testable import BellowsCLI

@Suite struct CommandTests {
    private let limits = TaskLimits(result: 10, errorText: 40)

    private func exit(_ status: CommandExit.Status, output: [UInt8]? = [], errors: String = "") -> CommandExit {
        CommandExit(status: status, output: output, errors: Array(errors.utf8))
    }

    @Test func readsExitCodes() throws {
        #expect(try exit(.exited(0), output: [1]).result(attempt: 1, limits: limits) == [1])
        #expect(throws: TaskFailure.retry(.after(.seconds(4)))) {
            try exit(.exited(75)).result(attempt: 3, limits: limits)
        }
        #expect(throws: TaskFailure.dead(reason: "exit code 65: no such picture")) {
            try exit(.exited(65), errors: "\nno such picture\n").result(attempt: 1, limits: limits)
        }
        #expect(throws: TaskFailure.dead(reason: "the result is over the limit of 10 bytes")) {
            try exit(.signaled(SIGTERM), output: nil).result(attempt: 1, limits: limits)
        }
        #expect(throws: CommandError.self) { try exit(.exited(1)).result(attempt: 1, limits: limits) }
        #expect(throws: CommandError.self) { try exit(.signaled(9)).result(attempt: 1, limits: limits) }
    }

    @Test func keepsTheEndOfWhatWasSaid() {
        #expect(exit(.exited(3)).errorText(limit: 40) == "exit code 3")
        #expect(exit(.exited(3), errors: "a\nb\n").errorText(limit: 40) == "exit code 3: a\\nb")
        #expect(exit(.signaled(9)).errorText(limit: 40).hasPrefix("killed by signal 9"))
        let long = String(repeating: "é", count: 100) + "the end"
        let text = exit(.exited(3), errors: long).errorText(limit: 40)
        #expect(text.hasPrefix("exit code 3: é") && text.hasSuffix("the end"))
        #expect((39...40).contains(text.utf8.count))
    }

    @Test func readsHowProcessesEnd() {
        #expect(FirstProcess.exitCode(0) == 0)
        #expect(FirstProcess.exitCode(3 << 8) == 3)
        #expect(FirstProcess.exitCode(SIGKILL) == 137)
        #expect(FirstProcess.exitCode(SIGSEGV | 0x80) == 139, "with a core file")
    }

    @Test func waitsForServersThatNeedTime() {
        func verdict(_ code: BellowsError.Code, _ waited: Duration, _ wait: Duration?) -> PatientConnection.Verdict {
            PatientConnection.verdict(BellowsError(code, "x"), waited: waited, wait: wait)
        }
        #expect(verdict(.storeFull, .seconds(1000), nil) == .wait("x; waiting for it"))
        #expect(verdict(.unavailable, .zero, nil) == .giveUp)
        #expect(verdict(.unavailable, .seconds(9), .seconds(10)) == .wait("x; waiting for it"))
        #expect(verdict(.unavailable, .seconds(10), .seconds(10)) == .giveUp)
        #expect(verdict(.accessDenied, .zero, .seconds(10)) == .giveUp)
    }

    @Test func countsWhatHasDied() throws {
        let name = try TaskName("q")
        #expect(try WorkCommand.verdict(dead: 0, name: name) == .success)
        let failure = #expect(throws: CommandFailure.self) { try WorkCommand.verdict(dead: 3, name: name) }
        #expect(failure?.status == .failed)
        #expect(failure?.message == "3 tasks have died in this run: see bellows dead list q")
    }

    @Test func handsPayloadsOverWithoutAFolder() throws {
        let bytes = [UInt8](repeating: 7, count: 100_000)
        let descriptor = try PayloadDescriptor.open(bytes)
        defer { close(descriptor) }
        var read = [UInt8](repeating: 0, count: bytes.count + 1)
        #expect(pread(descriptor, &read, read.count, 0) == bytes.count)
        #expect(read.dropLast() == bytes[...])
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #if os(Linux)
            let memory = try #require(MemoryFile.open())
            close(memory)
        #endif
    }

    @Test func keepsTheTailOfAStream() {
        var tail = TailBuffer(limit: 4)
        for byte in 0..<100 { tail.append([UInt8(byte)]) }
        #expect(tail.bytes == [96, 97, 98, 99])
        tail.append(Array(0..<50))
        #expect(tail.bytes == [46, 47, 48, 49])
        var short = TailBuffer(limit: 4)
        short.append([1])
        #expect(short.bytes == [1])
    }

    @Test func looksCommandsUpAsAShellDoes() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bellows-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("run me")
        try Data("#!/bin/sh\n".utf8).write(to: file)
        let lookup = CommandLookup(
            environment: ProcessEnvironment(entries: [Array("PATH=/nonexistent:\(folder.path):/bin".utf8)])
        )
        #expect(throws: CommandFailure.self) { try lookup.path(of: Array("run me".utf8)) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        #expect(try lookup.path(of: Array("run me".utf8)) == Array(file.path.utf8))
        #expect(try lookup.path(of: Array(file.path.utf8)) == Array(file.path.utf8))
        #expect(try lookup.path(of: Array("sh".utf8)) == Array("/bin/sh".utf8))
        #expect(throws: CommandFailure.self) { try lookup.path(of: [0x2F, 0xFF]) }
        for wrong in ["", "no such command", "/nonexistent/x", folder.path, "/etc/passwd", "/"] {
            #expect(throws: CommandFailure.self) { try lookup.path(of: Array(wrong.utf8)) }
        }
    }

    @Test func changesEnvironmentsByteForByte() {
        let odd = Array("ODD=".utf8) + [0xFF]
        let environment = ProcessEnvironment(entries: [
            Array("BELLOWS_REDIS_PASSWORD=secret".utf8), Array("BELLOWS_TASK_ID=outer".utf8), odd, Array("EMPTY=".utf8),
        ])
        #expect(environment["BELLOWS_REDIS_PASSWORD"] == "secret")
        #expect(environment["EMPTY"] == nil)
        let changed = environment.replacing([("BELLOWS_TASK_ID", "inner")], removing: ["BELLOWS_REDIS_PASSWORD"])
        #expect(changed.entries == [odd, Array("EMPTY=".utf8), Array("BELLOWS_TASK_ID=inner".utf8)])
    }

    @Test(arguments: [
        ("redis://u:secret@h:1/2", "redis://u@h:1/2"), ("redis://:secret@h", "redis://@h"),
        ("redis://h:1", "redis://h:1"),
        ("redis://u@h:1", "redis://u@h:1"), ("unix://u:p@/run/redis", "unix://u@/run/redis"),
        ("nonsense@:", "nonsense@:"), ("unix:///run/a:b@c", "unix:///run/a:b@c"),
        ("redis-sentinel://h:1/svc@x", "redis-sentinel://h:1/svc@x"),
    ])
    func takesThePasswordOutOfAURL(_ url: String, _ expected: String) {
        #expect(StoreAddress.withoutPassword(url) == expected)
    }
}
