import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// lua/pause.lua and lua/resume.lua, and who is told.
@Suite(.turn) struct ScriptPauseTests {
    private static let (past, ahead) = (ScriptBench.past, ScriptBench.ahead)
    private static let process = ScriptBench.process

    static let cases = [
        ScriptCase(
            "closes, and counts what goes on",
            given: ["HSET :records a RA", "ZADD :leases \(ahead) a", "ZADD :waiting \(past) \(process)"],
            call: .pause,
            [process, "7", "A", "0", "why"],
            reply: "1",
            leaves: [":door why", ":leases ~=past a=ahead", ":records a=RA"]
        ),
        ScriptCase(
            "opens",
            given: ["SET :door why", "ZADD :leases -inf ~ \(ahead) a"],
            call: .resume,
            [process, "7", "A"],
            reply: "1",
            leaves: [":leases a=ahead"]
        ),
        ScriptCase(
            "opens what was not opened by anybody when its time was up, which is no resuming",
            given: ["ZADD :leases -inf ~ \(ahead) a"],
            call: .resume,
            [process, "7", "A"],
            reply: "0",
            leaves: [":leases a=ahead"]
        ),
        ScriptCase(
            "has nothing to open",
            given: [],
            call: .resume,
            [process, "7", "A"],
            reply: "0",
            leaves: []
        ),
    ]

    @Test("A call, its reply, and what it leaves", arguments: cases)
    func leaves(_ script: ScriptCase) throws {
        try script.check()
    }

    @Test("A pause that is delivered again behind a resume is answered, and closes nothing")
    func repeats() throws {
        let bench = try ScriptBench("again")
        #expect(try bench.run(.pause, Self.process, "1", "", "0", "why").line == "0")
        #expect(try bench.run(.resume, Self.process, "2", "").line == "1")
        #expect(try bench.run(.pause, Self.process, "1", "R", "0", "why").line == "0")
        #expect(try bench.state() == [])
    }

    @Test(
        "Who handles the definition hears when it opens by itself, also if it was closed already, and of each opening"
    )
    func tellsAll() throws {
        let bench = try ScriptBench("told")
        let listener = try RedisProbe(port: try RedisServerPort.shared())
        try listener.command("SUBSCRIBE", "\(bench.base):wake")
        func heard(_ text: String) throws {
            #expect(try listener.next().line == "[message \(bench.base):wake \(text)]")
        }
        // Closing without an end is no news to anybody, so what comes first is of the second call.
        try bench.run(.pause, Self.process, "1", "", "0", "why")
        try bench.run(.pause, Self.process, "2", "", "60000", "why")
        try heard("60000")
        try bench.run(.resume, Self.process, "3", "")
        try heard("0")
        // The time is up, and nobody has been there yet: a claim, by id too, a wake-up that is handed on.
        let opens: [(RedisScript, [String])] = [
            (.claim, ["1", "20000", "n-1"]), (.claimSingleton, ["20000", "n-1"]), (.passOn, [Self.process, ""]),
        ]
        for (script, arguments) in opens {
            try bench.seed(["ZADD :leases -inf ~"])
            try bench.run(script, arguments)
            try heard("0")
        }
    }

    @Test("Statistics say when it opens, by the server's clock")
    func counts() throws {
        let bench = try ScriptBench("counted")
        try bench.run(.pause, Self.process, "1", "", "60000", "why")
        let parts = try #require(try bench.run(.stats).elements)
        let end = try #require(parts[8].text.flatMap { Int64($0) })
        let now = try #require(try bench.probe.command("TIME").elements?[0].text.flatMap { Int64($0) })
        #expect((now + 1...now + 61).contains(end / 1000))
        #expect(parts[9].text == "why")
        try bench.run(.pause, Self.process, "2", "", "0", "why")
        #expect(try bench.run(.stats).elements?[8].text == "")
    }
}
