import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite(.turn) struct ScriptClaimTests {
    private static let (past, ahead) = (ScriptBench.past, ScriptBench.ahead)

    static let cases = [
        ScriptCase("nothing there", call: .claim, ["10", "20000", "n-1"], reply: "[-1]", leaves: []),
        ScriptCase(
            "one of two",
            given: ["HSET :records a RA b RB", "RPUSH :line a b"],
            call: .claim,
            ["1", "20000", "n-1", "L"],
            reply: "[0 a 1 RA]",
            leaves: [":tokens a=1:n-1", ":leases a=now", ":meta lease=20000", ":records a=RA b=RB", ":line b"]
        ),
        ScriptCase(
            "all there are, and when the next lease ends",
            given: ["HSET :records a RA b RB", "RPUSH :line a b"],
            call: .claim,
            ["10", "20000", "n-1", "L"],
            reply: "[20000 a 1 RA b 1 RB]",
            leaves: [":tokens a=1:n-1 b=1:n-1", ":leases a=now b=now", ":meta lease=20000", ":records a=RA b=RB"]
        ),
        ScriptCase(
            "a retry counts on",
            given: ["HSET :records a RA", "ZADD :delayed \(past) a", "HSET :tokens a 3:", "HSET :meta lease 50000"],
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[0 a 4 RA]",
            leaves: [":tokens a=4:n-1", ":leases a=now", ":meta lease=50000", ":records a=RA"]
        ),
        ScriptCase(
            "an ended lease is taken over",
            given: ["HSET :records a RA", "ZADD :leases \(past) a", "HSET :tokens a 1:old", "HSET :meta lease 20000"],
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[0 a 2 RA]",
            leaves: [":tokens a=2:n-1", ":leases a=now", ":meta lease=20000", ":records a=RA"]
        ),
        ScriptCase(
            "the list and the delayed ones in turn",
            given: ["HSET :records a RA b RB c RC d RD", "RPUSH :line a b", "ZADD :delayed \(past) c \(past) d"],
            call: .claim,
            ["3", "20000", "n-1", "L"],
            reply: "[0 c 1 RC a 1 RA d 1 RD]",
            leaves: [
                ":tokens a=1:n-1 c=1:n-1 d=1:n-1", ":leases a=now c=now d=now", ":meta lease=20000 turn=q",
                ":records a=RA b=RB c=RC d=RD",
                ":line b",
            ]
        ),
        ScriptCase(
            "whose turn it is, is kept",
            given: [
                "HSET :records a RA c RC", "RPUSH :line a", "ZADD :delayed \(past) c", "HSET :meta lease 20000 turn q",
            ],
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[0 a 1 RA]",
            leaves: [
                ":tokens a=1:n-1", ":delayed c=past", ":leases a=now", ":meta lease=20000 turn=b", ":records a=RA c=RC",
            ]
        ),
        ScriptCase(
            "stale hints are passed over: gone, leased, delayed, twice",
            given: [
                "HSET :records b RB c RC d RD", "RPUSH :line a b c d d", "ZADD :leases \(ahead) b",
                "HSET :tokens b 1:x",
                "ZADD :delayed \(ahead) c",
            ],
            call: .claim,
            ["2", "20000", "n-1", "L"],
            reply: "[20000 d 1 RD]",
            leaves: [
                ":tokens b=1:x d=1:n-1", ":delayed c=ahead", ":leases d=now b=ahead", ":meta lease=20000",
                ":records b=RB c=RC d=RD",
            ]
        ),
        ScriptCase(
            "a due task without a record becomes a dead letter that says so",
            given: ["ZADD :delayed \(past) a", "HSET :tokens a 2:", "HSET :wants a 5000:run:"],
            call: .claim,
            ["2", "20000", "n-1"],
            reply: "[-1]",
            leaves: [":r a Xrun:payload missing", ":dead a=now", ":dead-reasons a=2:payload missing"]
        ),
        ScriptCase(
            "a lease that a clock step has put too far away is brought back",
            given: ["HSET :records a RA", "ZADD :leases \(ahead) a", "HSET :tokens a 1:x", "HSET :meta lease 20000"],
            call: .claim,
            ["2", "20000", "n-1"],
            reply: "[20000]",
            leaves: [":tokens a=1:x", ":leases a=now", ":meta lease=20000", ":records a=RA"]
        ),
        ScriptCase(
            "a repeated call finds what its first delivery took",
            given: [
                "HSET :records a RA b RB c RC", "ZADD :leases \(past) a \(ahead) b", "HSET :tokens a 1:n-1 b 1:n-11",
                "RPUSH :line c",
            ],
            call: .claim,
            ["2", "20000", "n-1", "R"],
            reply: "[0 a 1 RA]",
            leaves: [":tokens a=1:n-1 b=1:n-11", ":leases a=now b=ahead", ":records a=RA b=RB c=RC", ":line c"]
        ),
        ScriptCase("an id that nobody knows", call: .claimByID, ["a", "20000", "n-1"], reply: "[N]", leaves: []),
        ScriptCase(
            "an id out of its turn leaves a hint",
            given: ["HSET :records a RA b RB", "RPUSH :line a b"],
            call: .claimByID,
            ["b", "20000", "n-1"],
            reply: "[C 1 RB]",
            leaves: [":tokens b=1:n-1", ":leases b=now", ":meta lease=20000", ":records a=RA b=RB", ":line a b"]
        ),
        ScriptCase(
            "an id that is due",
            given: ["HSET :records a RA", "ZADD :delayed \(past) a", "HSET :tokens a 1:"],
            call: .claimByID,
            ["a", "20000", "n-1"],
            reply: "[C 2 RA]",
            leaves: [":tokens a=2:n-1", ":leases a=now", ":meta lease=20000", ":records a=RA"]
        ),
    ]

    @Test("claim.lua and claim_by_id.lua", arguments: cases)
    func table(scriptCase: ScriptCase) throws {
        try scriptCase.check()
    }

    @Test("At most a mebibyte, but always one task")
    func budget() throws {
        let bench = try ScriptBench("budget")
        let large = String(repeating: "x", count: 700_000)
        for id in ["a", "b"] {
            try bench.run(.publish, ScriptBench.process, "1\(id == "a" ? 1 : 2)", "", id, "", large)
        }
        for id in ["a", "b"] {
            guard case .array(let parts) = try bench.run(.claim, "10", "20000", "n") else { continue }
            #expect(parts.count == 5)
            #expect(parts[2].text == id)
            #expect((parts[0].line == "0") == (id == "a"))
        }
        #expect(try bench.run(.stats).line == "[0 0 2 0 0 0 0 0]")
    }

    @Test("Thousands of stale hints neither hide a task nor take long")
    func manyStale() throws {
        let bench = try ScriptBench("stale")
        let fill = "for i = 1, 5000 do redis.call('RPUSH', KEYS[1], 's' .. i) end redis.call('RPUSH', KEYS[1], 'a')"
        try bench.probe.command("EVAL", fill, "1", "\(bench.base):line")
        try bench.seed(["HSET :records a RA"])
        var calls = 0
        var answer = ""
        repeat {
            answer = try bench.run(.claim, "1", "20000", "n").line
            calls += 1
        } while answer == "[0]" && calls < 100
        #expect(answer == "[0 a 1 RA]")
        #expect((2...51).contains(calls))
    }

    @Test("Claims by id do not let the list grow for ever")
    func trims() throws {
        let bench = try ScriptBench("trim")
        for number in 1...400 {
            try bench.run(.publish, ScriptBench.process, "\(2 * number)", "", "i\(number)", "", "R")
            #expect(try bench.run(.claimByID, "i\(number)", "20000", "n").line == "[C 1 R]")
            try bench.run(.finish, ScriptBench.process, "\(2 * number + 1)", "", "i\(number)", "1:n", "", "")
        }
        let length = try bench.probe.command("LLEN", "\(bench.base):line").text.flatMap { Int($0) } ?? 1000
        #expect(length <= 201)
    }

    @Test("Each later holder of a task has a greater fence, whoever claims it and however")
    func fences() throws {
        let bench = try ScriptBench("fence")
        func fences(_ reply: ProbeReply) -> [Int64] { reply.elements?.compactMap(\.fence) ?? [] }
        var found: [Int64] = []
        for number in 0..<200 {
            let id = "a\(number % 3)"
            try bench.run(.publish, ScriptBench.process, "\(number)", "R", id, "1,0,0,0", "R")
            let nonce = "\(ScriptBench.process)-\(number)"
            let reply =
                number.isMultiple(of: 2)
                ? try bench.run(.claim, "1", "20000", nonce) : try bench.run(.claimByID, id, "20000", nonce)
            #expect(fences(reply).count == 1)
            found += fences(reply)
            let taken = number.isMultiple(of: 2) ? reply.elements?.dropFirst(2).first?.text ?? "" : id
            try bench.run(.release, ScriptBench.process, "\(1000 + number)", "", "0", taken, "1:\(nonce)")
        }
        for number in 0..<20 {
            let reply = try bench.run(.claimSingleton, "20000", "\(ScriptBench.process)-\(number)")
            found += fences(reply)
            let attempt = reply.elements?.dropFirst().first?.text ?? ""
            try bench.run(
                .singleton,
                ScriptBench.process,
                "\(2000 + number)",
                "",
                "\(attempt):\(ScriptBench.process)-\(number)",
                "release",
                "0",
                ""
            )
        }
        // A repeated claim may have a greater one than its first delivery, never a smaller one.
        let first = try bench.run(.claim, "1", "20000", "\(ScriptBench.process)-900")
        let again = try bench.run(.claim, "1", "20000", "\(ScriptBench.process)-900", "R")
        found += fences(first) + fences(again)
        #expect(found.count == 222)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 })
    }
}
