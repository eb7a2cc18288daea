import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite(.turn) struct ScriptLeaseTests {
    private static let (past, ahead) = (ScriptBench.past, ScriptBench.ahead)
    private static let call = [ScriptBench.process, "7", ""]
    /// A task that is held under the token `2:n`.
    private static let held = [
        "HSET :records a RA", "ZADD :leases \(past) a", "HSET :tokens a 2:n", "HSET :errors a bad",
    ]
    private static let heldState = [":tokens a=2:n", ":errors a=bad", ":leases a=past", ":records a=RA"]

    static let cases = [
        ScriptCase(
            "renew: an ended lease that nobody took over; another token; an unknown task",
            given: held,
            call: .renew,
            ["20000", "a", "2:n", "a", "1:n", "b", "1:n"],
            reply: "DLL",
            leaves: [":tokens a=2:n", ":errors a=bad", ":leases a=now", ":meta lease=20000", ":records a=RA"]
        ),
        ScriptCase(
            "renew: a lease that the store has lost comes back",
            given: ["HSET :records a RA", "HSET :tokens a 2:n"],
            call: .renew,
            ["20000", "a", "2:n"],
            reply: "D",
            leaves: [":tokens a=2:n", ":leases a=now", ":meta lease=20000", ":records a=RA"]
        ),
        ScriptCase(
            "finish: everything goes",
            given: held,
            call: .finish,
            call + ["a", "2:n", "", "RESULT"],
            reply: "D",
            leaves: [":meta finished=1"]
        ),
        ScriptCase(
            "finish and claim: one of each",
            given: ["HSET :records a RA b RB", "RPUSH :line b", "ZADD :leases \(ahead) a", "HSET :tokens a 1:n"],
            call: .finishAndClaim,
            call + ["a", "1:n", "", "", "1", "20000", "n-2", ""],
            reply: "[0 b 1 RB D]",
            leaves: [":tokens b=1:n-2", ":leases b=now", ":meta finished=1", ":records b=RB"]
        ),
        ScriptCase(
            "finish and claim: several, one with a stale token; nothing else is left",
            given: [
                "HSET :records a RA b RB c RC", "RPUSH :line c", "ZADD :leases \(ahead) a \(ahead) b",
                "HSET :tokens a 1:n b 2:n",
            ],
            call: .finishAndClaim,
            call + ["a", "1:n", "", "", "b", "1:n", "", "", "1", "20000", "n-2", ""],
            reply: "[0 c 1 RC DL]",
            leaves: [":tokens b=2:n c=1:n-2", ":leases c=now b=ahead", ":meta finished=1", ":records b=RB c=RC"]
        ),
        ScriptCase(
            "finish and claim: what is finished stays finished, whatever the claim runs into",
            given: ["HSET :records a RA", "SET :line foreign", "ZADD :leases \(ahead) a", "HSET :tokens a 1:n"],
            call: .finishAndClaim,
            call + ["a", "1:n", "", "", "2", "20000", "n-2", ""],
            reply: "[WRONGTYPE Operation against a key holding the wrong kind of value D]",
            leaves: [":meta finished=1", ":line foreign"]
        ),
        ScriptCase(
            "finish: a stale token changes nothing",
            given: held,
            call: .finish,
            call + ["a", "1:n", "60000,60000,-1", "RESULT"],
            reply: "L",
            leaves: heldState
        ),
        ScriptCase(
            "finish: a wanted result is stored with its run",
            given: held + ["HSET :wants a 60000:run-1:"],
            call: .finish,
            call + ["a", "2:n", "", "RES:ULT"],
            reply: "D",
            leaves: [":meta finished=1", ":r a Drun-1:RES:ULT"]
        ),
        ScriptCase(
            "finish: a caller's id stays taken, its result is not kept",
            given: held + ["HSET :wants a 0:run-1:"],
            call: .finish,
            call + ["a", "2:n", "0,60000,-1", "RESULT"],
            reply: "D",
            leaves: [":meta finished=1", ":t a 1"]
        ),
        ScriptCase(
            "finish: a result that nobody asked for is kept",
            given: held,
            call: .finish,
            call + ["a", "2:n", "60000,0,-1", ""],
            reply: "D",
            leaves: [":meta finished=1", ":r a D-:"]
        ),
        ScriptCase(
            "finish: the next run is set, the waiters are answered, the run stays noted",
            given: held + ["HSET :wants a 60000:run-1:"],
            call: .finish,
            call + ["a", "2:n", "0,60000,90000", "R1"],
            reply: "D",
            leaves: [":delayed a=ahead", ":meta finished=1", ":records a=RA", ":r a Drun-1:R1", ":wants a=0:run-1:"]
        ),
        ScriptCase(
            "finish: several at once",
            given: held + [
                "HSET :records b RB c RC", "ZADD :leases \(ahead) b \(ahead) c", "HSET :tokens b 1:n c 1:n",
            ],
            call: .finish,
            call + ["b", "1:n", "", "", "c", "1:x", "", "", "a", "2:n", "0,0,90000", ""],
            reply: "DLD",
            leaves: [":tokens c=1:n", ":delayed a=ahead", ":leases c=ahead", ":meta finished=2", ":records a=RA c=RC"]
        ),
        ScriptCase(
            "fail: a retry",
            given: held + ["HSET :wants a 60000:run-1:"],
            call: .fail,
            call + ["a", "2:n", "90000", "worse"],
            reply: "D",
            leaves: [
                ":tokens a=2:", ":delayed a=ahead", ":errors a=worse", ":meta failed=1", ":records a=RA",
                ":wants a=60000:run-1:",
            ]
        ),
        ScriptCase(
            "fail: dead, and the waiters are told",
            given: held + ["HSET :wants a 60000:run-1:"],
            call: .fail,
            call + ["a", "2:n", "-1", "dead: why"],
            reply: "D",
            leaves: [
                ":meta failed=1", ":r a Xrun-1:dead: why", ":dead a=now", ":dead-reasons a=2:dead: why",
                ":dead-records a=RA",
            ]
        ),
        ScriptCase(
            "fail: a dead letter whose last claim was never begun",
            given: held,
            call: .fail,
            call + ["a", "2:n", "-3", "used up"],
            reply: "D",
            leaves: [":meta failed=1", ":dead a=now", ":dead-reasons a=1:used up", ":dead-records a=RA"]
        ),
        ScriptCase(
            "fail: a stale token changes nothing",
            given: held,
            call: .fail,
            call + ["a", "2:x", "-1", "no"],
            reply: "L",
            leaves: heldState
        ),
        ScriptCase(
            "release: the attempt is given back, the token is spent",
            given: held,
            call: .release,
            call + ["0", "a", "2:n", "b", "1:n"],
            reply: "DL",
            leaves: [":tokens a=1:", ":delayed a=now", ":errors a=bad", ":records a=RA"]
        ),
        ScriptCase(
            "release: after a delay",
            given: held,
            call: .release,
            call + ["90000", "a", "2:n"],
            reply: "D",
            leaves: [":tokens a=1:", ":delayed a=ahead", ":errors a=bad", ":records a=RA"]
        ),
        ScriptCase(
            "release: a stale token changes nothing, with a delay too",
            given: held,
            call: .release,
            call + ["90000", "a", "2:x"],
            reply: "L",
            leaves: heldState
        ),
        ScriptCase(
            "release: a task of our own stays leased, to nobody",
            given: held + ["HSET :records ~c RC", "ZADD :leases \(ahead) ~c", "HSET :tokens ~c 1:n"],
            call: .release,
            call + ["0", "~c", "1:n", "a", "2:n"],
            reply: "DD",
            leaves: [":tokens a=1: ~c=0:", ":delayed a=now", ":errors a=bad", ":leases ~c=now", ":records a=RA ~c=RC"]
        ),
        ScriptCase(
            "dead_retry: back with a fresh count; an old result would answer too early",
            given: [
                "ZADD :dead 5 a 6 b", "HSET :dead-records a RA", "HSET :dead-reasons a 3:bad b 1:lost",
                "SET :r_a Xrun:bad",
            ],
            call: .deadRetry,
            ["a", "b", "c"],
            reply: "100",
            leaves: [":delayed a=now", ":records a=RA", ":dead b=past", ":dead-reasons b=1:lost"]
        ),
        ScriptCase(
            "dead_retry: an id that lives again is not handed out twice",
            given: [
                "ZADD :dead 5 a", "HSET :dead-records a OLD", "HSET :dead-reasons a 3:bad", "HSET :records a NEW",
                "ZADD :leases \(ahead) a", "HSET :tokens a 1:n",
            ],
            call: .deadRetry,
            ["a"],
            reply: "0",
            leaves: [
                ":dead a=past", ":dead-records a=OLD", ":dead-reasons a=3:bad", ":records a=NEW", ":leases a=ahead",
                ":tokens a=1:n",
            ]
        ),
        ScriptCase(
            "dead_delete",
            given: ["ZADD :dead 5 a 6 b", "HSET :dead-records a RA", "HSET :dead-reasons a 3:bad b 1:lost"],
            call: .deadDelete,
            ["a", "c"],
            reply: "10",
            leaves: [":dead b=past", ":dead-reasons b=1:lost"]
        ),
        ScriptCase(
            "result: each answer",
            given: [
                "HSET :records a RA b RB", "HSET :wants b 9:run-b:", "SET :r_c Drun-c:x:y", "SET :r_d Xrun-d:why",
                "ZADD :dead 5 e", "HSET :dead-reasons e 2:bad:", "SET :t_f 1",
            ],
            call: .lookup,
            [
                "p", "60000", "a", "", "b", "run-b", "b", "other", "c", "run-c", "c", "other", "d", "", "e", "", "f",
                "", "g", "",
            ],
            reply: "[P  P  U  D x:y U  X why X bad: E  U ]",
            leaves: [
                ":records a=RA b=RB", ":r c Drun-c:x:y", ":r d Xrun-d:why", ":t f 1",
                ":wants a=60000:-:p b=60000:run-b:p",
                ":dead e=past", ":dead-reasons e=2:bad:",
            ]
        ),
    ]

    @Test("Scripts about leases, dead letters and results", arguments: cases)
    func table(scriptCase: ScriptCase) throws {
        try scriptCase.check()
    }

    @Test(
        "A repeated finish, fail and release get their first answer",
        arguments: [RedisScript.finish, .fail, .release]
    )
    func repeats(script: RedisScript) throws {
        let bench = try ScriptBench("repeat")
        try bench.seed(Self.held)
        let arguments =
            script == .release
            ? Self.call + ["0", "a", "2:n"] : Self.call + ["a", "2:n", script == .fail ? "90000" : "", "text"]
        let parts = [Array("EVAL".utf8), Array(script.text.utf8), Array("1".utf8), Array(bench.base.utf8)]
        let command = parts + arguments.map { Array($0.utf8) }
        #expect(try bench.probe.command(command).line == "D")
        let state = try bench.state()
        var repetition = command
        repetition[6] = Array("R".utf8)
        #expect(try bench.probe.command(repetition).line == "D")
        #expect(try bench.state() == state)
        // A call of its own learns that the lease is gone.
        #expect(try bench.run(.release, ScriptBench.process, "8", "", "0", "a", "2:n").line == "L")
    }

    @Test("Dead letters are at most ten thousand")
    func boundsDeadLetters() throws {
        let bench = try ScriptBench("bound")
        let fill = """
            for i = 1, 10050 do
                redis.call('ZADD', KEYS[1] .. ':dead', ARGV[1] + i, 'd' .. i)
                redis.call('HSET', KEYS[1] .. ':dead-reasons', 'd' .. i, '1:x')
                redis.call('HSET', KEYS[1] .. ':dead-records', 'd' .. i, 'R')
            end
            """
        let clock = try bench.probe.command("TIME")
        guard case .array(let parts) = clock, let seconds = parts[0].text else { return }
        try bench.probe.command("EVAL", fill, "1", bench.base, "\(seconds)000")
        try bench.seed(Self.held)
        let failed = try bench.run(.fail, ScriptBench.process, "1", "", "a", "2:n", "-1", "bad")
        #expect(failed.line == "DT", "it says that some are gone")
        for key in ["dead", "dead-reasons", "dead-records"] {
            let count = try bench.probe.command(key == "dead" ? "ZCARD" : "HLEN", "\(bench.base):\(key)").text
            #expect(count == "10000")
        }
        #expect(try bench.run(.stats).line == "[0 0 0 10000 0 1 51 0]")
    }

    @Test("Dead letters older than ninety days go")
    func agesDeadLetters() throws {
        let bench = try ScriptBench("age")
        try bench.seed(Self.held + ["ZADD :dead 5 old", "HSET :dead-reasons old 1:x", "HSET :dead-records old R"])
        try bench.run(.fail, ScriptBench.process, "1", "", "a", "2:n", "-1", "bad")
        #expect(
            try bench.state() == [
                ":dead a=now", ":dead-reasons a=2:bad", ":dead-records a=RA", ":meta failed=1 trimmed=1",
            ]
        )
    }

    @Test("A list of dead letters comes in parts of a quarter of a mebibyte")
    func deadListBudget() throws {
        let bench = try ScriptBench("letters")
        let fill = """
            for i = 1, 300 do
                redis.call('ZADD', KEYS[1] .. ':dead', i, 'd' .. i)
                redis.call('HSET', KEYS[1] .. ':dead-reasons', 'd' .. i, '1:' .. string.rep('x', 4000))
            end
            """
        try bench.probe.command("EVAL", fill, "1", bench.base)
        var ids: [String] = []
        var calls = 0
        while ids.count < 250 {
            let reply = try bench.run(.deadList, "\(ids.count)", "\(250 - ids.count)")
            guard let parts = reply.elements, parts.count > 1 else { break }
            calls += 1
            let part = stride(from: 1, to: parts.count, by: 3).compactMap { parts[$0].text }
            #expect(part.count <= 66)
            ids += part
            #expect(parts[0] == .integer(ids.count < 250 ? 1 : 0))
        }
        #expect(ids == (51...300).reversed().map { "d\($0)" })
        #expect(calls == 4)
        #expect(try bench.run(.deadList, "300", "10").line == "[0]")
    }
}
