import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite(.turn) struct ScriptPublishTests {
    private static let process = ScriptBench.process
    private static let call = [process, "7", "RA"]

    static let cases = [
        ScriptCase(
            "an immediate task",
            call: .publish,
            call + ["a", "", "R"],
            reply: "N",
            leaves: [":records a=R", ":line a"]
        ),
        ScriptCase(
            "several tasks keep their order; a delayed one is not in the list",
            call: .publish,
            call + ["a", "", "R1", "b", "0,90000,0,0", "R2", "c", "", "R3"],
            reply: "NNN",
            leaves: [":delayed b=ahead", ":records a=R1 b=R2 c=R3", ":line a c"]
        ),
        ScriptCase(
            "an awaited task",
            call: .publish,
            call + ["a", "0,0,5000,1", "R"],
            reply: "N",
            leaves: [":records a=R", ":line a", ":wants a=5000:\(process)-7-0:\(process)"]
        ),
        ScriptCase(
            "an awaited task, published in another name than that of the process that listens",
            call: .publish,
            call + ["a", "0,0,5000,fedcba9876543210", "R"],
            reply: "N",
            leaves: [":records a=R", ":line a", ":wants a=5000:\(process)-7-0:fedcba9876543210"]
        ),
        ScriptCase(
            "a kept result without an announcement",
            call: .publish,
            call + ["x", "", "R", "a", "0,0,5000,0", "R"],
            reply: "NN",
            leaves: [":records a=R x=R", ":line x a", ":wants a=5000:\(process)-7-1:"]
        ),
        ScriptCase(
            "a caller's id notes its run",
            call: .publish,
            call + ["a", "1,0,0,0", "R"],
            reply: "N",
            leaves: [":records a=R", ":line a", ":wants a=0:\(process)-7-0:"]
        ),
        ScriptCase(
            "a caller's id that waits already",
            given: ["HSET :records a OLD", "RPUSH :line a"],
            call: .publish,
            call + ["a", "1,0,0,0", "R"],
            reply: "E",
            leaves: [":records a=OLD", ":line a"]
        ),
        ScriptCase(
            "another publisher joins the waiters",
            given: ["HSET :records a OLD", "RPUSH :line a", "HSET :wants a 9000:run:other"],
            call: .publish,
            call + ["a", "1,0,5000,1", "R"],
            reply: "E",
            leaves: [":records a=OLD", ":line a", ":wants a=9000:run:other,\(process)"]
        ),
        ScriptCase(
            "a caller's id that is dead",
            given: ["ZADD :dead 5 a", "HSET :dead-reasons a 1:bad", "HSET :dead-records a OLD"],
            call: .publish,
            call + ["a", "1,0,5000,1", "R"],
            reply: "X",
            leaves: [":dead a=past", ":dead-reasons a=1:bad", ":dead-records a=OLD"]
        ),
        ScriptCase(
            "a caller's id that has finished",
            given: ["SET :t_a 1"],
            call: .publish,
            call + ["a", "1,0,5000,1", "R"],
            reply: "F",
            leaves: [":t a 1"]
        ),
        ScriptCase(
            "nothing of an earlier life reaches a new task of the same id",
            given: [
                "SET :r_a Dold:x", "HSET :tokens a 4:old", "HSET :errors a bad", "ZADD :leases 5 a",
                "ZADD :delayed 5 a",
            ],
            call: .publish,
            call + ["a", "1,0,0,0", "R"],
            reply: "N",
            leaves: [":records a=R", ":line a", ":wants a=0:\(process)-7-0:"]
        ),
    ]

    @Test("publish.lua", arguments: cases)
    func table(scriptCase: ScriptCase) throws {
        try scriptCase.check()
    }

    @Test("A repeated call gets the first answer and changes nothing")
    func repeats() throws {
        let bench = try ScriptBench("repeat")
        for _ in 0..<3 {
            #expect(try bench.run(.publish, ScriptBench.process, "105", "R", "a", "1,0,0,0", "R").line == "N")
        }
        #expect(try bench.state().contains(":line a"))
        // The hundredth call after it uses the same place.
        #expect(try bench.run(.publish, ScriptBench.process, "205", "R", "b", "", "R").line == "N")
        #expect(try bench.run(.publish, ScriptBench.process, "105", "R", "a", "1,0,0,0", "R").line == "E")
    }

    @Test("Answers are kept for ten minutes at most")
    func expires() throws {
        let bench = try ScriptBench("expire")
        try bench.run(.publish, ScriptBench.process, "1", "RA", "a", "", "R")
        let left = try bench.probe.command("PTTL", "\(bench.base):replay \(ScriptBench.process)").text.flatMap {
            Int($0)
        }
        #expect((500_000...600_000).contains(left ?? 0))
    }

    @Test("One message for a call, with the least delay")
    func wakes() throws {
        let bench = try ScriptBench("wake")
        let listener = try RedisProbe(port: try RedisServerPort.shared())
        try listener.command("SUBSCRIBE", "\(bench.base):wake")
        try bench.run(.publish, ScriptBench.process, "1", "", "a", "0,700,0,0", "R", "b", "0,300,0,0", "R")
        try bench.run(.publish, ScriptBench.process, "2", "", "c", "0,300,0,0", "R", "d", "", "R")
        #expect(try listener.next().line == "[message \(bench.base):wake 300]")
        #expect(try listener.next().line == "[message \(bench.base):wake 0]")
    }
}
