import Foundation
import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// Who is told of what: waiting processes one at a time, and those who keep the time.
@Suite(.turn) struct ScriptWakeTests {
    /// A process with an inbox that the test reads.
    private struct Listener {
        let process: String
        let probe: RedisProbe
        private let bench: ScriptBench

        init(_ process: String, _ bench: ScriptBench) throws {
            self.process = process
            self.bench = bench
            probe = try RedisProbe(port: try RedisServerPort.shared())
            try probe.command("SUBSCRIBE", "script:2:inbox:\(process)")
        }

        /// Claims so many, and waits for what it does not get.
        @discardableResult
        func claim(_ count: Int = 5) throws -> String {
            try bench.run(.claim, "\(count)", "20000", "\(process)-\(UInt32.random(in: .min ... .max))", "W").line
        }

        /// The next message; a message of the test's own shows that there is none.
        func next() throws -> String {
            let mark = "mark \(UInt32.random(in: .min ... .max))"
            try bench.probe.command("PUBLISH", "script:2:inbox:\(process)", mark)
            let line = try probe.next().line
            guard !line.hasSuffix("\(mark)]") else { return "nothing" }
            while try !probe.next().line.hasSuffix("\(mark)]") {}
            return String(line.dropFirst("[message script:2:inbox:\(process) ".count).dropLast())
                .replacing(" \(bench.base)", with: "")
        }
    }

    /// Processes of a definition of its own.
    private static func world(_ label: String, _ count: Int) throws -> (ScriptBench, [Listener]) {
        let bench = try ScriptBench(label)
        let salt = UInt32.random(in: .min ... .max)
        return (bench, try (0..<count).map { try Listener("\(salt)x\($0)", bench) })
    }

    private static func publish(_ bench: ScriptBench, _ id: String, _ options: String = "") throws {
        let number = String(UInt32.random(in: .min ... .max))
        try bench.run(.publish, ScriptBench.process, number, "R", id, options, "R")
    }

    @Test("The process that came last is woken, and the next one is asked to look a little later, once in 500 ms")
    func wakesOne() throws {
        let (bench, listeners) = try Self.world("one", 3)
        for listener in listeners { #expect(try listener.claim() == "[-1]") }
        try Self.publish(bench, "a")
        #expect(try listeners.map { try $0.next() } == ["nothing", "look", "wake"])
        try Self.publish(bench, "b")
        // The one that was asked is woken itself, so that another one is asked.
        #expect(try listeners.map { try $0.next() } == ["look", "wake", "nothing"])
        #expect(try bench.probe.command("PTTL", "\(bench.base):second-look").text.flatMap(Int.init) ?? 0 > 0)
    }

    @Test("Processes that are gone are passed over, and if none is left all are told")
    func passesOverTheDead() throws {
        let (bench, listeners) = try Self.world("dead", 1)
        let all = try RedisProbe(port: try RedisServerPort.shared())
        try listeners[0].claim()
        try all.command("SUBSCRIBE", "\(bench.base):wake")
        for number in 0..<9 { try bench.run(.claim, "1", "20000", "gone\(number)-1", "W") }
        try Self.publish(bench, "a")
        #expect(try listeners[0].next() == "wake")
        try bench.run(.claim, "1", "20000", "gone-1")
        try Self.publish(bench, "b")
        #expect(try all.next().line == "[message \(bench.base):wake 0]")
        // Tasks are in line already: those who left them there have been told.
        try Self.publish(bench, "c")
        try bench.probe.command("PUBLISH", "\(bench.base):wake", "mark")
        #expect(try all.next().line == "[message \(bench.base):wake mark]")
    }

    @Test("Who leaves tasks behind wakes the next one", arguments: [1, 2])
    func chains(count: Int) throws {
        let (bench, listeners) = try Self.world("chain", 2)
        for listener in listeners { try listener.claim() }
        for id in ["a", "b", "c"] { try bench.seed(["HSET :records \(id) R", "RPUSH :line \(id)"]) }
        #expect(try listeners[0].claim(count).hasPrefix("[0 a 1 R"))
        #expect(try listeners[1].next() == "wake")
        try listeners[1].claim()
        #expect(try bench.state().contains { $0.hasPrefix(":waiting ") })
        try Self.publish(bench, "d")
        #expect(try listeners[1].next() == "wake")
    }

    @Test("A wake-up is handed on, and whoever leaves is followed by one that looks")
    func passesOn() throws {
        let (bench, listeners) = try Self.world("pass", 3)
        for listener in listeners { try listener.claim() }
        #expect(try bench.run(.passOn, listeners[2].process, "").line == "1")
        #expect(try listeners.map { try $0.next() } == ["look", "wake", "nothing"])
        #expect(try bench.run(.passOn, listeners[1].process, "L").line == "1")
        #expect(try listeners.map { try $0.next() } == ["wake", "nothing", "nothing"])
        #expect(try bench.run(.passOn, listeners[0].process, "L").line == "0")
    }

    @Test("A release does not wake the process that releases")
    func releases() throws {
        let (bench, listeners) = try Self.world("release", 2)
        let soon = Int64(Date().timeIntervalSince1970 * 1000) + 15_000
        try bench.seed(["HSET :records a R", "ZADD :leases \(soon) a", "HSET :tokens a 1:n", "HSET :meta lease 20000"])
        for listener in listeners { try listener.claim() }
        try bench.run(.release, listeners[1].process, "1", "", "0", "a", "1:n")
        #expect(try listeners.map { try $0.next() } == ["wake", "nothing"])
    }

    @Test("A release with a delay tells the time, and wakes nobody")
    func delayedReleases() throws {
        let (bench, listeners) = try Self.world("release-later", 2)
        let soon = Int64(Date().timeIntervalSince1970 * 1000) + 15_000
        try bench.seed(["HSET :records a R", "ZADD :leases \(soon) a", "HSET :tokens a 1:n", "HSET :meta lease 20000"])
        for listener in listeners { try listener.claim() }
        try bench.run(.release, listeners[1].process, "1", "", "5000", "a", "1:n")
        #expect(try listeners.map { try $0.next() } == ["due 5000", "due 5100"])
    }

    @Test("An earlier time is told to those with seats, or to two who wait")
    func keepsTime() throws {
        let (bench, listeners) = try Self.world("time", 5)
        for listener in listeners { #expect(try listener.claim() == "[-1]") }
        try Self.publish(bench, "a", "0,50000,0,0")
        #expect(try listeners.map { try $0.next() } == ["nothing", "nothing", "nothing", "due 50100", "due 50000"])
        // Somebody knows an earlier time already.
        try Self.publish(bench, "b", "0,60000,0,0")
        #expect(try listeners.map { try $0.next() } == Array(repeating: "nothing", count: 5))
        let waits = try listeners.map { Int(try $0.claim().dropFirst().dropLast()) ?? 0 }
        for (seat, wait) in waits.prefix(3).enumerated() { #expect((40_000...50_200).contains(wait - 100 * seat)) }
        #expect(waits.suffix(2) == [-1, -1])
        try Self.publish(bench, "c", "0,20000,0,0")
        #expect(
            try listeners.map { try $0.next() } == ["due 20000", "due 20100", "due 20200", "nothing", "nothing"]
        )
        // A seat that is given up is taken by the next who asks.
        try bench.run(.passOn, listeners[0].process, "L")
        #expect(try listeners[4].next() == "wake")
        let wait = Int(try listeners[4].claim().dropFirst().dropLast()) ?? 0
        #expect((10_000...20_000).contains(wait))
    }

    @Test("A lease that ends earlier than all that is known is told to those with seats")
    func keepsTimeOfLeases() throws {
        let (bench, listeners) = try Self.world("lease", 4)
        try Self.publish(bench, "later", "0,500000,0,0")
        for listener in listeners.prefix(3) { try listener.claim() }
        try bench.seed(["HSET :records a R", "RPUSH :line a"])
        #expect(try listeners[3].claim().hasPrefix("[-1 a 1 R"))
        #expect(try listeners.map { try $0.next().prefix(5) } == ["due 2", "due 2", "due 2", "nothi"])
    }

    @Test("The first who finds a registry that is new tells all, because nobody else can have a place in it")
    func tellsAllAfterALoss() throws {
        let (bench, listeners) = try Self.world("new", 2)
        let all = try RedisProbe(port: try RedisServerPort.shared())
        try all.command("SUBSCRIBE", "\(bench.base):wake")
        for listener in listeners { try listener.claim() }
        try bench.probe.command("DEL", "\(bench.base):waiting", "\(bench.base):meta")
        for listener in listeners { try listener.claim() }
        try bench.probe.command("PUBLISH", "\(bench.base):wake", "mark")
        #expect(
            try (0..<3).map { _ in try all.next().line.suffix(6) }
                == ["wake 0]", "wake 0]", " mark]"].map { $0.suffix(6) }
        )
    }

    @Test("Nothing is told of what nobody waits for, and nothing stays behind")
    func leavesNothing() throws {
        let (bench, _) = try Self.world("nothing", 0)
        try Self.publish(bench, "a", "0,50000,0,0")
        #expect(try bench.state().map { $0.prefix(2) } == [":d", ":r"])
        try bench.run(.claim, "1", "20000", "n-1", "W")
        for key in [":waiting", ":timekeepers"] {
            #expect(try bench.probe.command("PTTL", bench.base + key).text.flatMap(Int.init) ?? 0 > 0)
        }
    }
}
