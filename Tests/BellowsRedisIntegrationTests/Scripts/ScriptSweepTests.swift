import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite(.turn) struct ScriptSweepTests {
    private func sweep(_ bench: ScriptBench, marker: String, _ bases: [String]) throws -> String {
        let keys = [marker] + bases
        let parts = [Array("EVAL".utf8), Array(RedisScript.sweep.text.utf8), Array(String(keys.count).utf8)]
        return try bench.probe.command(parts + (keys + ["1", "", "", ScriptBench.process]).map { Array($0.utf8) }).line
    }

    @Test("Tells for each definition when something is due")
    func tells() throws {
        let bench = try ScriptBench("sweep")
        let bases = (0..<6).map { "\(bench.base)\($0)" }
        let commands = [
            "HSET \(bases[1]):records a R", "RPUSH \(bases[1]):line a", "HSET \(bases[2]):records a R",
            "ZADD \(bases[2]):delayed 1000 a",
            "HSET \(bases[3]):records a R", "ZADD \(bases[3]):leases 1000 a", "RPUSH \(bases[3]):line a",
            "HSET \(bases[4]):singleton token 1:n end 1000 due 9000000000000", "SET \(bases[5]):line foreign",
        ]
        try bench.seed(commands)
        let marker = "\(bench.base):marker"
        #expect(try sweep(bench, marker: marker, bases) == "[1 -1 0 0 0 0 0]")
        #expect(try sweep(bench, marker: marker, []) == "[0]")
        #expect(try bench.probe.command("GET", marker).text == "1")
    }

    @Test("Refuses another layout and touches nothing")
    func refusesLayouts() throws {
        let bench = try ScriptBench("layout")
        let marker = "\(bench.base):marker"
        try bench.seed(["SET \(marker) 2"])
        #expect(try sweep(bench, marker: marker, [bench.base]) == "[2]")
        #expect(try bench.probe.command("GET", marker).text == "2")
    }

    @Test("Brings leases back that a clock step has put too far away")
    func clamps() throws {
        let bench = try ScriptBench("clamp")
        let far = ScriptBench.ahead
        try bench.seed([
            "HSET :records a R", "ZADD :leases \(far) a", "HSET :meta lease 20000",
            "HSET :singleton token 1:n end \(far) attempt 1",
        ])
        #expect(try sweep(bench, marker: "\(bench.base):marker", [bench.base]) == "[1 20000]")
        #expect(try bench.state().contains(":leases a=now"))
    }

    @Test("A singleton has one owner, keeps its count over failures and starts afresh after a success")
    func singleton() throws {
        let bench = try ScriptBench("single")
        func end(_ number: Int, _ token: String, _ operation: String, _ wait: Int = 0) throws -> String {
            try bench.run(.singleton, ScriptBench.process, "\(number)", "R", token, operation, "\(wait)", "bad").line
        }
        #expect(try bench.run(.claimSingleton, "20000", "n-1").line == "[C 1]")
        #expect(try bench.run(.claimSingleton, "20000", "n-1", "R").line == "[C 1]")
        #expect(try bench.run(.claimSingleton, "20000", "n-2").line.hasPrefix("[L "))
        #expect(try end(1, "1:n-2", "finish") == "L")
        #expect(try end(1, "1:n-1", "renew", 20000) == "D")
        #expect(try end(2, "1:n-1", "fail") == "D")
        #expect(try end(2, "1:n-1", "fail") == "D")
        #expect(try bench.run(.claimSingleton, "20000", "n-3").line == "[C 2]")
        #expect(try end(3, "2:n-3", "release") == "D")
        #expect(try bench.run(.claimSingleton, "20000", "n-4").line == "[C 2]")
        #expect(try end(4, "2:n-4", "finish") == "D")
        #expect(try bench.run(.claimSingleton, "20000", "n-5").line == "[C 1]")
        #expect(try end(5, "1:n-5", "release", 90000) == "D")
        #expect(try bench.run(.claimSingleton, "20000", "n-6").line.hasPrefix("[U "))
        try bench.seed(["HSET :singleton due \(ScriptBench.past)"])
        #expect(try bench.run(.claimSingleton, "20000", "n-7").line == "[C 1]")
        #expect(try end(7, "1:n-7", "finish", 90000) == "D")
        #expect(try bench.run(.claimSingleton, "20000", "n-8").line.hasPrefix("[U "))
        #expect(try bench.state() == [":meta failed=1 finished=2 lease=20000", try #require(bench.state().last)])
    }
}
