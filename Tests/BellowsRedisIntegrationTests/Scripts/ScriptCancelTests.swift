import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// lua/cancel.lua, and how other scripts treat what was cancelled while it ran.
@Suite(.turn) struct ScriptCancelTests {
    private static let (past, ahead) = (ScriptBench.past, ScriptBench.ahead)
    private static let process = ScriptBench.process
    private static let token = "1:holder-7"

    /// A running task `a` whose attempt is to stop, and its lease.
    private static func asked(leaseEnd: String, flag: String = token) -> [String] {
        [
            "HSET :records a RA", "HSET :tokens a \(token)", "ZADD :leases \(leaseEnd) a", "HSET :wants a 60000:-:",
            "HSET :cancels a \(flag)·why·not",
        ]
    }

    private static let ended = [":meta cancelled=1", ":r a C-:why not"]

    static let cases = [
        ScriptCase(
            "ends what is ready, delayed or lost, with all that is noted of it",
            given: [
                "HSET :records a RA b RB c RC", "RPUSH :line a x", "ZADD :delayed \(ahead) b", "HSET :errors b no",
                "HSET :tokens b 1: c 1:n-1", "ZADD :leases \(past) c", "HSET :wants c 90000:run:+,",
                "HSET :next-records c 0:run2:·RC2",
            ],
            call: .cancel,
            [process, "7", "A", "why not", "a", "b", "c"],
            reply: "CCC",
            leaves: [":meta cancelled=3", ":r a C-:why not", ":r b C-:why not", ":r c Crun:why not"]
        ),
        ScriptCase(
            "asks who holds it, and keeps the result for a minute; nobody is there to be told",
            given: ["HSET :records a RA", "HSET :tokens a \(token)", "ZADD :leases \(ahead) a"],
            call: .cancel,
            [process, "7", "A", "why not", "a"],
            reply: "S",
            leaves: [
                ":cancels a=\(token) why not", ":leases a=ahead", ":records a=RA", ":tokens a=\(token)",
                ":wants a=60000:-:",
            ]
        ),
        ScriptCase(
            "changes nothing that has ended",
            given: ["SET :r_a D-:1", "SET :t_b 1", "ZADD :dead \(past) c", "SET :r_d C-:before"],
            call: .cancel,
            [process, "7", "A", "why not", "a", "b", "c", "d", "e"],
            reply: "FFXCU",
            leaves: [":dead c=past", ":r a D-:1", ":r d C-:before", ":t b 1"]
        ),
        ScriptCase(
            "a claim ends what was to stop and has lost its holder, and asks again at once",
            given: asked(leaseEnd: past),
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[-1]",
            leaves: ended
        ),
        ScriptCase(
            "a claim of a closed definition does it too",
            given: asked(leaseEnd: past) + ["SET :door shut", "ZADD :leases -inf ~"],
            call: .claim,
            ["1", "20000", "n-1"],
            reply: "[-1]",
            leaves: [":door shut", ":leases ~=past"] + ended
        ),
        ScriptCase(
            "a claim by id does it too",
            given: asked(leaseEnd: past),
            call: .claimByID,
            ["a", "20000", "n-1"],
            reply: "[N]",
            leaves: ended
        ),
        ScriptCase(
            "what was asked of another attempt is not asked of this one",
            given: asked(leaseEnd: past, flag: "1:holder-6"),
            call: .claimByID,
            ["a", "20000", "n-1"],
            reply: "[C 2 RA]",
            leaves: [
                ":cancels a=1:holder-6 why not", ":leases a=now", ":meta lease=20000", ":records a=RA",
                ":tokens a=2:n-1", ":wants a=60000:-:",
            ]
        ),
        ScriptCase(
            "a failure with another try to come ends it",
            given: asked(leaseEnd: ahead),
            call: .fail,
            [process, "8", "A", "a", token, "5000", "stopped"],
            reply: "D",
            leaves: ended
        ),
        ScriptCase(
            "a failure for good makes no dead letter of it",
            given: asked(leaseEnd: ahead),
            call: .fail,
            [process, "8", "A", "a", token, "-1", "stopped"],
            reply: "D",
            leaves: ended
        ),
        ScriptCase(
            "giving it back ends it",
            given: asked(leaseEnd: ahead),
            call: .release,
            [process, "8", "A", "0", "a", token],
            reply: "D",
            leaves: ended
        ),
        ScriptCase(
            "a good end stays one, but sets no next run, and nothing runs behind it",
            given: asked(leaseEnd: ahead) + ["HSET :wants a 60000:-:+,", "HSET :next-records a 0:run2:·RA2"],
            call: .finish,
            [process, "8", "A", "a", token, "0,0,1000", "R"],
            reply: "D",
            leaves: [":meta finished=1", ":r a D-:R"]
        ),
        ScriptCase(
            "who comes late clears nothing that was asked of the present attempt",
            given: asked(leaseEnd: ahead) + [
                "HSET :records b RB", "HSET :tokens b 1:n-9", "ZADD :leases \(ahead) b", "HSET :wants b 60000:-:",
            ],
            call: .finish,
            [process, "8", "A", "a", "1:n-8", "", "R", "b", "1:n-9", "", "R"],
            reply: "LD",
            leaves: [
                ":cancels a=\(token) why not", ":leases a=ahead", ":meta finished=1", ":r b D-:R", ":records a=RA",
                ":tokens a=\(token)", ":wants a=60000:-:",
            ]
        ),
        ScriptCase(
            "a renewal extends the lease and tells",
            given: asked(leaseEnd: past) + ["HSET :records b RB", "HSET :tokens b 1:n-2", "ZADD :leases \(past) b"],
            call: .renew,
            ["20000", "b", "1:n-2", "a", token, "c", "1:n-3"],
            reply: "[DCL why not]",
            leaves: [
                ":cancels a=\(token) why not", ":leases a=now b=now", ":meta lease=20000", ":records a=RA b=RB",
                ":tokens a=\(token) b=1:n-2", ":wants a=60000:-:",
            ]
        ),
    ]

    @Test("A call, its reply, and what it leaves", arguments: cases)
    func leaves(_ script: ScriptCase) throws {
        try script.check()
    }

    @Test("A cancellation that is delivered again is answered, and does not reach the next life of the id")
    func repeats() throws {
        let bench = try ScriptBench("cancel-again")
        try bench.seed(["HSET :records a one"])
        #expect(try bench.run(.cancel, Self.process, "1", "", "why", "a").line == "C")
        try bench.seed(["DEL :r_a", "HSET :records a two"])
        #expect(try bench.run(.cancel, Self.process, "1", "R", "why", "a").line == "C")
        #expect(try bench.state() == [":meta cancelled=1", ":records a=two"])
    }

    @Test("The holder hears of it with token and reason; what is asked for has an end")
    func tells() throws {
        let bench = try ScriptBench("cancel-told")
        let listener = try RedisProbe(port: try RedisServerPort.shared())
        let inbox = "script:2:inbox:\(Self.process)"
        try listener.command("SUBSCRIBE", inbox)
        let token = "1:\(Self.process)-7"
        try bench.seed(["HSET :records a RA", "HSET :tokens a \(token)", "ZADD :leases \(Self.ahead) a"])
        #expect(try bench.run(.cancel, "other", "1", "", "why not", "a").line == "A")
        let message = "cancel \(bench.base) a \(token) why not"
        #expect(try listener.next().line == "[message \(inbox) \(message)]")
        let left = Int64(try bench.probe.command("PTTL", "\(bench.base):cancels").line)
        #expect((3_500_000...3_600_000).contains(left ?? 0))
    }

    @Test("A sweep of a closed definition ends what was to stop, for nobody claims there")
    func sweeps() throws {
        let bench = try ScriptBench("cancel-swept")
        try bench.seed(Self.asked(leaseEnd: Self.past) + ["SET :door shut", "ZADD :leases -inf ~"])
        let marker = "\(bench.base):marker"
        let call = ["EVAL", RedisScript.sweep.text, "2", marker, bench.base, "2", "inbox", "", Self.process]
        _ = try bench.probe.command(call.map { Array($0.utf8) })
        #expect(try bench.state().filter { !$0.hasPrefix(":marker") } == [":door shut", ":leases ~=past"] + Self.ended)
    }
}
