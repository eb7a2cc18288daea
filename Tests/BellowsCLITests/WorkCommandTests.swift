import Foundation
import RedisFixture
import TestTurns
import Testing

/// `bellows work` and `bellows singleton` against a real server.
@Suite(.turn) struct WorkCommandTests {
    private let fixture: CommandLineFixture

    init() throws {
        fixture = try CommandLineFixture()
    }

    @Test func tellsTheCommandAboutItsTask() async throws {
        let id = try await fixture.publish("x")
        let script = #"echo "$BELLOWS_TASK_ID $BELLOWS_TASK_NAME $BELLOWS_ATTEMPT [$BELLOWS_REDIS_PASSWORD]""#
        _ = try await fixture.run(
            "work",
            fixture.name,
            "--until-empty",
            "--",
            "/bin/sh",
            "-c",
            script,
            environment: ["BELLOWS_TASK_ID": "outer"]
        )
        #expect(try await fixture.run("await", fixture.name, id).text == "\(id) \(fixture.name) 1 []\n")
    }

    @Test func worksOnAllPartsOfADefinition() async throws {
        let lines = (0..<20).map { "line \($0)" }
        let parts = ["--partitions", "4"]
        let published = try await fixture.run(
            ["publish", fixture.name, "--stdin-lines"] + parts,
            input: lines.joined(separator: "\n") + "\n"
        )
        let script = #"printf '%s %s' "$(cat)" "$BELLOWS_TASK_NAME""#
        let work = ["work", fixture.name, "--until-empty"] + parts + ["--", "/bin/sh", "-c", script]
        #expect(try await fixture.run(work).status == 0)
        for (id, line) in zip(published.lines, lines) {
            let result = try await fixture.run(["await", fixture.name, id] + parts)
            #expect(result.text == "\(line) \(fixture.name)\n")
            #expect(
                try await fixture.run(["inspect", fixture.name, id] + parts).text.contains("finished")
            )
        }
        let refused = try await fixture.run("publish", fixture.name, "x", "--partitions", "5")
        #expect(refused.errors.contains("has 4 partitions in the store, and 5 here"))
        #expect(try await fixture.run("publish", fixture.name, "x", "--partitions", "0").status == 2)
    }

    @Test func doesNotMindCommandsThatReadNothing() async throws {
        let payload = String(repeating: "x", count: 1 << 20)
        let result = try await fixture.run("publish", fixture.name, "--stdin-lines", input: "\(payload)\n\(payload)\n")
        #expect(result.lines.count == 2)
        #expect(try await fixture.work("exit 0").status == 0)
        #expect(try await fixture.run("await", fixture.name, result.lines[1]).text == "\n")
    }

    @Test func keepsTheEndOfStandardErrorAndPassesAllOn() async throws {
        let id = try await fixture.publish("x")
        let worker = try await fixture.work(
            #"i=0; while [ $i -lt 500 ]; do echo "line $i of the story" >&2; i=$((i+1)); done; exit 3"#,
            "--max-attempts",
            "1"
        )
        #expect(worker.errors.contains("line 0 of the story") && worker.errors.contains("line 499 of the story"))
        let error = try #require(try await fixture.inspect(id)["last_error"] as? String)
        #expect(error.hasPrefix("exit code 3: ") && error.hasSuffix("line 499 of the story"))
        #expect(error.utf8.count > 4000 && error.utf8.count <= 4096)
        #expect(!error.contains("line 0 of"))
    }

    @Test func retriesAndBuries() async throws {
        let retried = try await fixture.publish("x")
        try await fixture.work("[ $BELLOWS_ATTEMPT -gt 1 ] || exit 1; echo attempt $BELLOWS_ATTEMPT")
        #expect(try await fixture.run("await", fixture.name, retried).text == "attempt 2\n")

        let later = try await fixture.publish("x")
        try await fixture.work("[ $BELLOWS_ATTEMPT -gt 1 ] || exit 75; echo attempt $BELLOWS_ATTEMPT")
        #expect(try await fixture.run("await", fixture.name, later).text == "attempt 2\n")

        let dead = try await fixture.publish("x")
        try await fixture.work("echo 'no such picture' >&2; exit 65")
        let facts = try await fixture.inspect(dead)
        #expect(facts["state"] as? String == "dead")
        #expect(facts["last_error"] as? String == "exit code 65: no such picture")

        let limited = try await fixture.publish("x", "--max-attempts", "1")
        try await fixture.work("kill -9 $$")
        #expect(try await fixture.inspect(limited)["state"] as? String == "dead")
    }

    @Test func buriesResultsOverTheLimit() async throws {
        let id = try await fixture.publish("x")
        // The command never ends by itself: it is stopped when it has written too much.
        try await fixture.work("exec cat /dev/zero")
        let facts = try await fixture.inspect(id)
        #expect(facts["state"] as? String == "dead")
        #expect(facts["last_error"] as? String == "the result is over the limit of 1048576 bytes")
    }

    @Test func doesNotWaitForWhatACommandLeavesBehind() async throws {
        let id = try await fixture.publish("x")
        try await fixture.work("sleep 600 & echo done; echo $! >&2")
        #expect(try await fixture.run("await", fixture.name, id).text == "done\n")
    }

    @Test(arguments: [["nosuchcommand"], ["/nonexistent/command"], ["/etc/passwd"], [""], ["/"]])
    func looksTheCommandUpFirst(_ command: [String]) async throws {
        _ = try await fixture.publish("x")
        let result = try await BellowsProcess.run(["work", fixture.name, "--"] + command, url: fixture.url)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("bellows: "))
        #expect(try await fixture.run("stats", fixture.name, "--json").text.contains(#""ready":1"#))
    }

    @Test func drainsOnTheFirstSignal() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let gate = folder.appendingPathComponent("gate").path
        #expect(mkfifo(gate, 0o600) == 0)
        let running = try await fixture.publish("x")
        let worker = try fixture.start(
            "work",
            fixture.name,
            "--concurrency",
            "1",
            "--",
            "/bin/sh",
            "-c",
            "echo begun >&2; read word <\"$GATE\"; echo $word",
            environment: ["GATE": gate]
        )
        await worker.errors.until("begun")
        worker.signal(SIGTERM)
        let waiting = try await fixture.publish("y")
        try Data("finished\n".utf8).write(to: URL(fileURLWithPath: gate))
        #expect(await worker.ending().status == 0)
        #expect(try await fixture.run("await", fixture.name, running).text == "finished\n")
        #expect(try await fixture.inspect(waiting)["state"] as? String == "ready")
        #expect(try await fixture.inspect(waiting)["attempt"] as? Int == 0)
    }

    @Test func drainsAlsoWhileItWaitsForEmptiness() async throws {
        _ = try await fixture.publish("x", "--delay", "1h")
        _ = try await fixture.publish("y")
        let worker = try fixture.start("work", fixture.name, "--until-empty", "--", "/bin/sh", "-c", "echo begun >&2")
        await worker.errors.until("begun")
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
    }

    @Test func endsWhenEmptinessCannotBeToldAnyMore() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        try probe.command("ACL", "SETUSER", "worker", "on", "nopass", "~*", "allchannels", "+@all")
        let url = "redis://127.0.0.1:\(server.port)"
        _ = try await BellowsProcess.run(["publish", "q", "x"], url: url)
        _ = try await BellowsProcess.run(["publish", "q", "x", "--delay", "1h"], url: url)
        let worker = try BellowsProcess(
            ["work", "q", "--until-empty", "--", "/bin/sh", "-c", "echo begun >&2"],
            url: "redis://worker:any@127.0.0.1:\(server.port)"
        )
        await worker.errors.until("begun")
        try probe.command("ACL", "SETUSER", "worker", "-eval", "-evalsha")
        let ending = await worker.ending()
        #expect(ending.status == 69)
        #expect(ending.errors.contains("bellows: Redis refuses us"))
    }

    @Test func releasesWhatIsLeftAfterTheGrace() async throws {
        let id = try await fixture.publish("x")
        let worker = try fixture.start(
            "work",
            fixture.name,
            "--grace",
            "200ms",
            "--",
            "/bin/sh",
            "-c",
            "echo begun >&2; exec sleep 600"
        )
        await worker.errors.until("begun")
        worker.signal(SIGINT)
        #expect(await worker.ending().status == 0)
        let facts = try await fixture.inspect(id)
        #expect(["ready", "delayed"].contains(facts["state"] as? String))
        #expect(facts["attempt"] as? Int == 0)
    }

    @Test func releasesAtOnceOnTheSecondSignal() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appendingPathComponent("alive").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let descriptor = open(pipe, O_RDONLY | O_NONBLOCK)
        let id = try await fixture.publish("x")
        // The command ignores TERM, and so does a process below it. Both hold the pipe for as long as they live.
        let worker = try fixture.start(
            "work",
            fixture.name,
            "--grace",
            "1h",
            "--",
            "/bin/sh",
            "-c",
            #"exec 3>"$ALIVE"; trap 'echo asked >&2' TERM; (trap '' TERM; sleep 600) & echo begun >&2; wait; wait"#,
            environment: ["ALIVE": pipe]
        )
        await worker.errors.until("begun")
        _ = fcntl(descriptor, F_SETFL, 0)
        let alive = StreamCollector(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
        // Two different signals, because the system may merge two of the same.
        worker.signal(SIGTERM)
        worker.signal(SIGINT)
        let ending = await worker.ending()
        #expect(ending.status == 0)
        #expect(ending.errors.contains("asked"))
        #expect(try await fixture.inspect(id)["attempt"] as? Int == 0)
        // Ends when the whole group is gone.
        #expect(await alive.all() == [])
    }

    @Test("A signal ends a worker whose Redis is gone, within its grace and two seconds")
    func endsWithoutRedis() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        _ = try await BellowsProcess.run(["publish", "q", "x"], url: server.url)
        let worker = try BellowsProcess(
            ["work", "q", "--grace", "200ms", "--", "/bin/sh", "-c", "echo begun >&2; exec sleep 600"],
            url: server.url
        )
        await worker.errors.until("begun")
        server.kill()
        worker.signal(SIGTERM)
        let ending = await worker.ending()
        #expect(ending.status == 0, "\(ending.errors)")
    }

    @Test("A signal ends a worker that watches for emptiness while Redis hangs")
    func endsBesideAHangingRedis() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        _ = try await BellowsProcess.run(["publish", "q", "x"], url: server.url)
        let options = ["--until-empty", "--grace", "200ms"]
        let command = ["/bin/sh", "-c", "echo begun >&2; exec sleep 600"]
        let worker = try BellowsProcess(["work", "q"] + options + ["--"] + command, url: server.url)
        await worker.errors.until("begun")
        server.suspend()
        worker.signal(SIGTERM)
        let ending = await worker.ending()
        server.resume()
        #expect(ending.status == 0, "\(ending.errors)")
    }

    @Test("A signal ends a singleton's process though nobody reads what it prints")
    func endsThoughNobodyReads() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(fixture.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appendingPathComponent("unread").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let program = try #require(BellowsProcess.executable)
        let command = #""$BELLOWS" singleton "$NAME" -- /bin/sh -c 'head -c 200000 /dev/zero; echo passed >&2'"#
        let singleton = try BellowsProcess(
            ["-c", #"exec 3<>"$UNREAD"; exec "# + command + " >&3"],
            url: fixture.url,
            environment: ["UNREAD": pipe, "BELLOWS": program.path, "NAME": fixture.name],
            program: URL(fileURLWithPath: "/bin/sh")
        )
        await singleton.errors.until("passed")
        singleton.signal(SIGTERM)
        #expect(await singleton.ending().status == 0)
    }

    @Test("A singleton that is started with a shorter pause does not wait for the old one")
    func hastensSingletons() async throws {
        let command = ["--", "/bin/sh", "-c", "echo ran >&2"]
        let slow = try BellowsProcess(["singleton", fixture.name, "--every", "1h"] + command, url: fixture.url)
        await slow.errors.until("ran")
        // The end of the run is stored before the drain is over.
        slow.signal(SIGTERM)
        #expect(await slow.ending().status == 0)
        let fast = try BellowsProcess(["singleton", fixture.name, "--every", "1s"] + command, url: fixture.url)
        let said = await fast.errors.until("ran")
        #expect(said.contains("bellows: the next run is due in 1.0s\n"), "\(said)")
        fast.signal(SIGTERM)
        #expect(await fast.ending().status == 0)
    }

    @Test func countsWhatHasDied() async throws {
        for _ in 0..<2 { _ = try await fixture.publish("bad") }
        _ = try await fixture.publish("good")
        let ending = try await fixture.work("read line; [ $line = good ] || exit 65")
        #expect(ending.status == 1)
        #expect(ending.complaints == "bellows: 2 tasks have died in this run: see bellows dead list \(fixture.name)")
        #expect(try await fixture.work("exit 65").status == 0, "those before this run do not count")
    }

    @Test("A server that is full, or loads its data, does not end a worker that starts")
    func waitsForServersThatNeedTime() async throws {
        // Who may not ask with INFO hears of the loading all the same.
        let user = ["--user", "plain", "on", "nopass", "~*", "&*", "+@all", "-info"]
        let server = try RedisServer.start(arguments: ["--appendonly", "yes", "--key-load-delay", "1000"] + user)
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        try probe.command("CONFIG", "SET", "maxmemory", "1")
        let worker = try BellowsProcess(["work", "q", "--until-empty", "--", "true"], url: server.url)
        #expect(await worker.ending().status == 0)
        try probe.command("CONFIG", "SET", "maxmemory", "0")
        // Seven seconds of loading, more than a connection may take.
        for number in 0..<7000 { try probe.command("SET", "filler:\(number)", "x") }
        server.kill()
        async let restarted: Void = server.restart()
        let command = ["work", "q", "--until-empty", "--wait", "1m", "--", "true"]
        let waiting = try BellowsProcess(command, url: server.url)
        let other = try BellowsProcess(command, url: "redis://plain@127.0.0.1:\(server.port)")
        for process in [waiting, other] {
            await process.errors.until("is loading its data; waiting")
            #expect(await process.ending().status == 0)
        }
        try await restarted
    }

    @Test("A server that is not there is waited for only by who asks for it")
    func waitsForServers() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        server.kill()
        let command = ["work", "q", "--until-empty", "--", "true"]
        #expect(try await BellowsProcess.run(command, url: server.url).status == 69)
        let worker = try BellowsProcess(["work", "q", "--wait", "1m"] + command.dropFirst(2), url: server.url)
        await worker.errors.until("waiting for it")
        try server.restart()
        #expect(await worker.ending().status == 0)
    }

    @Test func runsSingletons() async throws {
        let singleton = try fixture.start(
            "singleton",
            fixture.name,
            "--every",
            "10ms",
            "--",
            "/bin/sh",
            "-c",
            "echo \"run $BELLOWS_TASK_ID\""
        )
        await singleton.output.until("run ~singleton\nrun ~singleton\nrun ~singleton\n")
        #expect(try await fixture.run("inspect", fixture.name, "~singleton").status == 0)
        singleton.signal(SIGTERM)
        #expect(await singleton.ending().status == 0)
    }
}
