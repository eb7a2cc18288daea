import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// lua/reschedule.lua and lua/update.lua.
@Suite(.turn) struct ScriptChangeTests {
    private static let (past, ahead) = (ScriptBench.past, ScriptBench.ahead)
    private static let process = ScriptBench.process

    static let cases = [
        ScriptCase(
            "moves what waits, and leaves what runs alone",
            given: [
                "HSET :records a RA b RB c RC", "RPUSH :line a", "ZADD :delayed \(past) b", "ZADD :leases \(ahead) c",
                "HSET :tokens b 2: c 1:n-1",
            ],
            call: .reschedule,
            [process, "7", "A", "9000000", "a", "b", "c", "d"],
            reply: "DDLU",
            leaves: [
                ":delayed a=ahead b=ahead", ":leases c=ahead", ":line a", ":records a=RA b=RB c=RC",
                ":tokens b=2: c=1:n-1",
            ]
        ),
        ScriptCase(
            "replaces nothing that runs, or has changed, or is gone",
            given: ["HSET :records a RA b RB", "ZADD :leases \(ahead) a"],
            call: .update,
            [process, "7", "A", "a", "whatever", "RA2"],
            reply: "L",
            leaves: [":leases a=ahead", ":records a=RA b=RB"]
        ),
        ScriptCase(
            "has nothing to replace",
            call: .update,
            [process, "7", "A", "a", "whatever", "RA2"],
            reply: "U",
            leaves: []
        ),
    ]

    @Test("A call, its reply, and what it leaves", arguments: cases)
    func leaves(_ script: ScriptCase) throws {
        try script.check()
    }

    @Test("A record is replaced if it is the one that was read; a repetition is answered, and replaces nothing")
    func replaces() throws {
        let bench = try ScriptBench("update")
        try bench.seed(["HSET :records a RA"])
        let digest = try bench.probe.command("EVAL", "return redis.sha1hex('RA')", "0").line
        #expect(try bench.run(.update, Self.process, "1", "", "a", "no", "RA2").line == "C")
        #expect(try bench.run(.update, Self.process, "2", "", "a", digest, "RA2").line == "D")
        try bench.seed(["HSET :records a RA"])
        #expect(try bench.run(.update, Self.process, "2", "R", "a", digest, "RA2").line == "D")
        #expect(try bench.state() == [":records a=RA"])
        let large = String(repeating: "x", count: 10_001)
        #expect(try bench.run(.update, Self.process, "3", "", "a", digest, large).line == "D")
        #expect(try bench.state().contains(":meta large=1"), "claims look at sizes from then on")
    }

    @Test("Who waits hears of what is due at once, and somebody knows when something is due later")
    func tells() throws {
        let bench = try ScriptBench("moved")
        let listener = try RedisProbe(port: try RedisServerPort.shared())
        try listener.command("SUBSCRIBE", "\(bench.base):wake")
        try bench.seed(["HSET :records a RA", "ZADD :delayed \(Self.ahead) a"])
        try bench.run(.reschedule, Self.process, "1", "", "60000", "a")
        #expect(try listener.next().line == "[message \(bench.base):wake 60000]")
        try bench.run(.reschedule, Self.process, "2", "", "0", "a")
        #expect(try listener.next().line == "[message \(bench.base):wake 0]")
    }
}
