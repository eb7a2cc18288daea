import Foundation
import RedisFixture
import TestTurns
import Testing

@testable import BellowsCLI

/// What is wrong with a host is not charged to tasks.
@Suite(.turn) struct HostProblemTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test("A command that is gone, or cannot be executed any more, is the host's fault", arguments: [true, false])
    func commandThatIsGone(isMoved: Bool) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let command = folder.appendingPathComponent("command")
        let away = folder.appendingPathComponent("away")
        func make() throws {
            try Data("#!/bin/sh\ncat\n".utf8).write(to: command)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command.path)
        }
        try make()
        let port = try RedisServer.freePort()
        let worker = try fixture.start("work", fixture.name, "--health", "\(port)", "--", command.path)
        try await HealthProbe(port: port).ask("ready", until: 200)
        if isMoved {
            try FileManager.default.moveItem(at: command, to: away)
        } else {
            try Data("not a program\n".utf8).write(to: command)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command.path)
        }
        let published = try await fixture.run(
            ["publish", fixture.name, "--stdin-lines", "--max-attempts", "1"],
            input: (0..<20).map { "line \($0)\n" }.joined()
        )
        let said = await worker.errors.until("trying again")
        #expect(said.contains("the command \(command.path) cannot be started"))
        try await HealthProbe(port: port).ask("ready", until: 503)
        #expect(try await HealthProbe(port: port).status("live") == 200)
        try make()
        for id in published.lines {
            #expect(
                try await fixture.run("await", fixture.name, id, "--timeout", CommandLineFixture.patience).status == 0
            )
        }
        try await HealthProbe(port: port).ask("ready", until: 200)
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
        #expect(try await fixture.run("dead", "list", fixture.name).lines.count <= 1)
    }

    @Test("A task that a host cannot start is given back, so that another host gets it")
    func givesBack() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let command = folder.appendingPathComponent("command")
        try Data("#!/bin/sh\ncat\n".utf8).write(to: command)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command.path)
        let sick = try fixture.start("work", fixture.name, "--concurrency", "1", "--", command.path)
        let probe = try await fixture.run("publish", fixture.name, "x", "--await")
        #expect(probe.status == 0)
        try FileManager.default.removeItem(at: command)
        let id = try await fixture.publish("y", "--max-attempts", "1")
        await sick.errors.until("trying again")
        let healthy = try fixture.start("work", fixture.name, "--", "/bin/cat")
        #expect(
            try await fixture.run("await", fixture.name, id, "--timeout", CommandLineFixture.patience).text == "y\n"
        )
        for worker in [sick, healthy] {
            worker.signal(SIGTERM)
            #expect(await worker.ending().status == 0)
        }
    }

    #if os(Linux)
        @Test("A worker needs no folder where it may write")
        func readOnlyHost() async throws {
            let id = try await fixture.publish("x", "--max-attempts", "1")
            let work = ["work", fixture.name, "--until-empty", "--", "/bin/cat"]
            let result = try await fixture.run(work, environment: ["TMPDIR": "/nonexistent"])
            #expect(result.status == 0)
            #expect(result.complaints == "")
            #expect(try await fixture.run("await", fixture.name, id).text == "x\n")
        }

        @Test("As process 1 of a container it waits for what its commands leave behind", .enabled(if: canUnshare()))
        func firstProcess() async throws {
            let program = try #require(BellowsProcess.executable)
            // Each command leaves a process behind that ends after it.
            let script = "(sleep 0.01 & sleep 0.02 &) >/dev/null 2>&1; cat"
            let worker = try BellowsProcess(
                ["--pid", "--fork", "--mount-proc", program.path, "work", fixture.name, "--", "/bin/sh", "-c", script],
                url: fixture.url,
                program: URL(fileURLWithPath: "/usr/bin/unshare")
            )
            let lines = (0..<30).map { "\($0)" }
            let result = try await fixture.run(
                ["publish", fixture.name, "--stdin-lines", "--await", "--timeout", CommandLineFixture.patience],
                input: lines.joined(separator: "\n")
            )
            #expect(result.lines == lines)
            let first = try #require(Self.children(of: worker.pid).first)
            try await FixtureWait.until("no zombie is left") { Self.zombies(below: first).isEmpty }
            // The signal reaches the worker through process 1, and its exit code comes back.
            kill(first, SIGTERM)
            #expect(await worker.ending().status == 0)
        }

        private static func canUnshare() -> Bool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
            process.arguments = ["--pid", "--fork", "--mount-proc", "true"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }  // There is no such program.
            process.waitUntilExit()
            return process.terminationStatus == 0
        }

        /// Id, state and parent of each process.
        private static func processes() -> [(id: Int32, state: Substring, parent: Int32)] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.compactMap { name in
                guard let id = Int32(name), let bytes = FileManager.default.contents(atPath: "/proc/\(name)/stat"),
                    let rest = String(decoding: bytes, as: UTF8.self).split(separator: ") ").last
                else { return nil }
                let fields = rest.split(separator: " ")
                return (id, fields[0], Int32(fields[1]) ?? 0)
            }
        }

        private static func children(of parent: Int32) -> [Int32] {
            processes().filter { $0.parent == parent }.map(\.id)
        }

        private static func zombies(below parent: Int32) -> [Int32] {
            processes().filter { $0.parent == parent && $0.state == "Z" }.map(\.id)
        }
    #endif
}
