import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// What later versions will write is read rightly by this one: a fleet of both works on the same data.
@Suite(.turn) struct ScriptReaderTests {
    private static let (past, ahead) = (ScriptBench.past, ScriptBench.ahead)
    private static let process = ScriptBench.process
    private static let call = [process, "7", "A"]
    /// One task that is ready, one that is delayed and due, and one whose lease has ended.
    private static let due = [
        "HSET :records a RA b RB c RC", "RPUSH :line a", "ZADD :delayed \(past) b", "ZADD :leases \(past) c",
        "HSET :tokens c 1:old", "HSET :meta lease 20000",
    ]
    private static let dueState = [
        ":delayed b=past", ":line a", ":meta lease=20000", ":records a=RA b=RB c=RC", ":tokens c=1:old",
    ]
    /// A task that runs, behind which a newer record waits.
    private static let followed = [
        "HSET :records a OLD", "ZADD :leases \(ahead) a", "HSET :tokens a 2:n", "HSET :errors a bad",
        "HSET :wants a 60000:run-1:+,", "HSET :next-records a 5000:run-2:·NEW",
    ]

    static let cases = [
        ScriptCase(
            "a closed definition hands out nothing",
            given: due + ["SET :door why", "ZADD :leases -inf ~"],
            call: .claim,
            ["10", "20000", "n-1"],
            reply: "[-1]",
            leaves: dueState + [":door why", ":leases ~=past c=past"]
        ),
        ScriptCase(
            "nor does anybody wait for its tasks",
            given: due + ["SET :door why", "ZADD :leases -inf ~"],
            call: .claim,
            ["10", "20000", "n-1", "W"],
            reply: "[-1]",
            leaves: dueState + [":door why", ":leases ~=past c=past"]
        ),
        ScriptCase(
            "nor by id",
            given: due + ["SET :door why", "ZADD :leases -inf ~"],
            call: .claimByID,
            ["a", "20000", "n-1"],
            reply: "[P -1]",
            leaves: dueState + [":door why", ":leases ~=past c=past"]
        ),
        ScriptCase(
            "a repeated claim finds what it took before the definition was closed",
            given: ["HSET :records a RA", "HSET :tokens a 1:n-1", "ZADD :leases \(past) a -inf ~", "SET :door why"],
            call: .claim,
            ["1", "20000", "n-1", "R"],
            reply: "[0 a 1 RA]",
            leaves: [":door why", ":leases ~=past a=now", ":records a=RA", ":tokens a=1:n-1"]
        ),
        ScriptCase(
            "a door whose time is up opens itself",
            given: due + ["ZADD :leases -inf ~"],
            call: .claim,
            ["3", "20000", "n-1"],
            reply: "[0 c 2 RC a 1 RA b 1 RB]",
            leaves: [
                ":leases a=now b=now c=now", ":meta lease=20000 turn=q", ":records a=RA b=RB c=RC",
                ":tokens a=1:n-1 b=1:n-1 c=2:n-1",
            ]
        ),
        ScriptCase(
            "also for the only task of a claim, if that is a delayed one",
            given: ["HSET :records b RB", "ZADD :delayed \(past) b", "ZADD :leases -inf ~"],
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[0 b 1 RB]",
            leaves: [":leases b=now", ":records b=RB", ":tokens b=1:n-1"]
        ),
        ScriptCase(
            "what a claimer has to know and does not keeps everything back",
            given: due + ["ZADD :leases -inf ~3"],
            call: .claim,
            ["10", "20000", "n-1", "W"],
            reply: "[-2]",
            leaves: dueState + [":leases ~3=past c=past"]
        ),
        ScriptCase(
            "also by id",
            given: due + ["ZADD :leases -inf ~3"],
            call: .claimByID,
            ["b", "20000", "n-1"],
            reply: "[P -2]",
            leaves: dueState + [":leases ~3=past c=past"]
        ),
        ScriptCase(
            "doors and relays are no tasks that run",
            given: due + ["ZADD :leases -inf ~ -inf ~3 \(ahead) ~relay", "SADD :relays ~relay"],
            call: .stats,
            [],
            reply: "[1 1 1 0 0 0 0 0]",
            leaves: dueState + [":leases ~=past ~3=past c=past ~relay=ahead", ":relays ~relay"]
        ),
        ScriptCase(
            "the end of a run puts the newer record in force, whatever next run it sets",
            given: followed,
            call: .finish,
            call + ["a", "2:n", "0,60000,90000", "DONE"],
            reply: "D",
            leaves: [
                ":delayed a=now", ":meta finished=1", ":r a Drun-1:DONE", ":records a=NEW", ":wants a=5000:run-2:",
            ]
        ),
        ScriptCase(
            "so does a bad end for good: the dead letter gives way",
            given: followed,
            call: .fail,
            call + ["a", "2:n", "-1", "why"],
            reply: "D",
            leaves: [
                ":delayed a=now", ":meta failed=1", ":r a Xrun-1:why", ":records a=NEW", ":wants a=5000:run-2:",
            ]
        ),
        ScriptCase(
            "a retry is not the end",
            given: followed,
            call: .fail,
            call + ["a", "2:n", "90000", "worse"],
            reply: "D",
            leaves: [
                ":delayed a=ahead", ":errors a=worse", ":meta failed=1", ":next-records a=5000:run-2: NEW",
                ":records a=OLD", ":tokens a=2:", ":wants a=60000:run-1:+,",
            ]
        ),
        ScriptCase(
            "a task that has lost its record comes back with the newer one",
            given: followed + ["HDEL :records a", "ZADD :leases \(past) a"],
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[0]",
            leaves: [
                ":delayed a=now", ":r a Xrun-1:payload missing", ":records a=NEW", ":wants a=5000:run-2:",
            ]
        ),
        ScriptCase(
            "who joins does not hide the mark",
            given: followed,
            call: .publish,
            call + ["a", "1,0,5000,1", "R"],
            reply: "E",
            leaves: [
                ":errors a=bad", ":leases a=ahead", ":next-records a=5000:run-2: NEW", ":records a=OLD",
                ":tokens a=2:n", ":wants a=60000:run-1:+,\(process)",
            ]
        ),
        ScriptCase(
            "results: a cancelled task says so, and that of an earlier run does not hide the newer run",
            given: [
                "SET :r_a Crun-1:asked", "SET :r_b Drun-1:OLD", "HSET :records b RB", "HSET :wants b 9:run-2:",
            ],
            call: .lookup,
            ["p", "60000", "a", "", "b", "run-1", "b", "run-2", "b", "run-3"],
            reply: "[C asked D OLD P  U ]",
            leaves: [
                ":r a Crun-1:asked", ":r b Drun-1:OLD", ":records b=RB", ":wants b=60000:run-2:p",
            ]
        ),
    ]

    @Test("Data of later versions", arguments: cases)
    func table(scriptCase: ScriptCase) throws {
        try scriptCase.check()
    }

    private func sweep(_ bench: ScriptBench) throws -> String {
        let parts = [Array("EVAL".utf8), Array(RedisScript.sweep.text.utf8), Array("2".utf8)]
        let rest = ["\(bench.base):marker", bench.base, "2", "", "", Self.process].map { Array($0.utf8) }
        return try bench.probe.command(parts + rest).line
    }

    @Test("A sweep of a closed definition waits for no task, but knows when it opens")
    func sweeps() throws {
        let bench = try ScriptBench("closed")
        try bench.seed(Self.due + ["ZADD :leases -inf ~", "SET :door why"])
        #expect(try sweep(bench) == "[1 -1]")
        #expect(try bench.probe.command("EXISTS", "\(bench.base):waiting") == .integer(0))
        try bench.seed(["PEXPIRE :door 50000"])
        let wait = Int(try sweep(bench).dropFirst(3).dropLast()) ?? 0
        #expect((40_000...50_000).contains(wait))
        // It has a seat now, and a claim of the same process is told the same.
        let claimed = try bench.run(.claim, "1", "20000", "\(Self.process)-1", "W").line
        #expect((40_000...50_000).contains(Int(claimed.dropFirst().dropLast()) ?? 0))
        try bench.seed(["DEL :door"])
        #expect(try sweep(bench) == "[0 0]", "its time is up: claim now")
        #expect(try bench.probe.command("ZSCORE", "\(bench.base):leases", "~") == .null)
        try bench.seed(["ZADD :leases -inf ~9"])
        #expect(try sweep(bench) == "[0 0]", "a claim tells what a claimer has to know")
    }

    @Test("Publishing to a closed definition, or giving a task back, tells nobody")
    func tellsNobody() throws {
        let bench = try ScriptBench("silent")
        let listener = try RedisProbe(port: try RedisServerPort.shared())
        try listener.command("SUBSCRIBE", "\(bench.base):wake")
        try bench.seed(["ZADD :leases -inf ~", "SET :door why"])
        try bench.run(.publish, Self.process, "1", "", "a", "", "R")
        try bench.run(.publish, Self.process, "2", "", "b", "0,500,0,0", "R")
        try bench.seed(["ZADD :dead 5 c", "HSET :dead-records c R", "HSET :dead-reasons c 1:x"])
        try bench.run(.deadRetry, "c")
        try bench.seed(["DEL :door", "ZREM :leases ~"])
        try bench.run(.publish, Self.process, "3", "", "d", "0,700,0,0", "R")
        #expect(try listener.next().line == "[message \(bench.base):wake 700]")
    }
}
