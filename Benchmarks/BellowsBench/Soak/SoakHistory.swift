import Foundation
import RedisFixture

/// What the processes of a soak have noted, and what it means. Pure, but for reading the file.
struct SoakHistory {
    /// One run of a handler.
    struct Run {
        let attempt: Int
        let pid: Int
        let start: Int
        /// When it ended, or its process was killed; nil if neither is known.
        var end: Int?
        /// Until when the lease was ours, as far as the worker knew at the end.
        var leaseEnd: Int?
        var isSuccess = false
    }

    /// What came of waiting for a result.
    private struct Wait {
        let word: Substring
        let time: ClosedRange<Int>
    }

    private(set) var runs: [String: [Run]] = [:]
    /// For each kind and id, when its publish began.
    private(set) var acknowledged: [String: [String: Int]] = [:]
    /// How many publishes of each kind may be stored or not.
    private(set) var unknown: [String: Int] = [:]
    /// How many publishes were refused because the store was full.
    private(set) var refused = 0
    private(set) var drains: [Double?] = []
    /// How many tasks of each kind had finished or were dead when everything was removed.
    private(set) var flushed: [String: (finished: Int, dead: Int)] = [:]
    private var killed: [Int: Int] = [:]
    private var waits: [Wait] = []
    /// When tasks that ran too early were due.
    private var earlyDue: [Int] = []
    /// When everything was removed.
    private var flushes: [ClosedRange<Int>] = []
    /// When the server's clock was set.
    private var steps: [ClosedRange<Int>] = []

    init(_ lines: some Sequence<[Substring]>) {
        for line in lines { take(line) }
        for (task, all) in runs {
            // Who was killed runs no longer.
            runs[task] = all.map { run in
                var run = run
                if run.end == nil { run.end = killed[run.pid] }
                return run
            }
        }
    }

    private mutating func take(_ line: [Substring]) {
        func number(_ index: Int) -> Int { index < line.count ? Int(line[index]) ?? 0 : 0 }
        switch (line.first ?? "", line.count) {
        case ("start", 6):
            let run = Run(attempt: number(3), pid: number(4), start: number(5))
            runs["\(line[1]) \(line[2])", default: []].append(run)
        case ("end", 8):
            let task = "\(line[1]) \(line[2])"
            let isIt: (Run) -> Bool = { $0.attempt == number(3) && $0.pid == number(4) && $0.end == nil }
            guard let index = runs[task]?.lastIndex(where: isIt) else { return }
            runs[task]?[index].end = number(5)
            runs[task]?[index].leaseEnd = number(6)
            runs[task]?[index].isSuccess = line[7] == "ok"
        case ("acknowledged", 4): acknowledged[String(line[1]), default: [:]][String(line[2])] = number(3)
        case ("unknown", 3): unknown[String(line[1]), default: 0] += 1
        case ("refused", 2): refused += 1
        case ("result", 5):
            waits.append(Wait(word: line[2], time: number(3)...max(number(3), number(4))))
        case ("early", 4): earlyDue.append(number(3))
        case ("ruin", 4):
            let time = number(2)...max(number(2), number(3))
            if line[1] == Nemesis.Fault.flushStore.name { flushes.append(time) } else { steps.append(time) }
        case ("flushed", 4):
            flushed[String(line[1]), default: (0, 0)].finished += number(2)
            flushed[String(line[1]), default: (0, 0)].dead += number(3)
        case ("killed", 3): killed[number(1)] = number(2)
        case ("drained", 3): drains.append(Double(line[2]))
        default: break
        }
    }

    /// How many tasks were acknowledged.
    var acknowledgedCount: Int { acknowledged.values.reduce(0) { $0 + $1.count } }

    /// Acknowledged tasks of which no run ended well, and that no flush can have removed.
    func lost(_ kind: SoakKind) -> [String] { missing(kind).filter { !$0.isExcused }.map(\.id) }

    /// How many acknowledged tasks were gone with a flush.
    func removed(_ kind: SoakKind) -> Int { missing(kind).count { $0.isExcused } }

    /// How many acknowledged tasks were young at a flush, which may have removed them, or what is known of them.
    func ruined(_ kind: SoakKind) -> Int { (acknowledged[kind.rawValue] ?? [:]).values.count(where: isRuined) }

    private func missing(_ kind: SoakKind) -> [(id: String, begin: Int, isExcused: Bool)] {
        (acknowledged[kind.rawValue] ?? [:]).compactMap { id, begin in
            let runs = runs["\(kind.rawValue) \(id)"] ?? []
            let hasEnded = kind == .doomed ? !runs.isEmpty : runs.contains(where: \.isSuccess)
            return hasEnded ? nil : (id, begin, isRuined(begin))
        }
    }

    /// Whether a flush came in the first two minutes of a task: a delay, a retry and a lease take seconds, and clocks
    /// that are set back by a minute add that.
    private func isRuined(_ begin: Int) -> Bool {
        flushes.contains { ($0.lowerBound - 120_000...$0.upperBound).contains(begin) }
    }

    /// How often waiting ended with each word. Who waited while everything was removed, or while the server's clock was
    /// set, and got nothing, is "excused".
    var results: [String: Int] {
        waits.reduce(into: [:]) { results, wait in
            let isExcused = wait.word == "none" && (flushes + steps).contains { $0.overlaps(wait.time) }
            results[isExcused ? "excused" : String(wait.word), default: 0] += 1
        }
    }

    /// How many tasks ran before they were due, without those during whose delay, of five seconds at most, the server's
    /// clock was set.
    var early: Int {
        earlyDue.count { due in !steps.contains { $0.overlaps(due - 5100...due) } }
    }

    /// Whether the singleton ran after the last time that everything was removed.
    var singletonGoesOn: Bool {
        let ticks = runs.filter { $0.key.hasPrefix(SoakKind.singleton) }.values.joined()
        guard let last = flushes.map(\.upperBound).max() else { return !ticks.isEmpty }
        return ticks.contains { $0.start > last }
    }

    /// Pairs of runs of one task of which the second began while the first one knew that its lease was still good.
    var overlaps: [String] {
        runs.filter { $0.value.count > 1 }.flatMap { task, runs in
            let runs = runs.sorted { $0.start < $1.start }
            return zip(runs, runs.dropFirst()).compactMap { first, second -> String? in
                guard let end = first.end, second.start < end else { return nil }
                // A killed process cannot say until when it had its lease.
                guard let leaseEnd = first.leaseEnd else { return nil }
                // Neither can one whose lease, which began some time before, was removed or ended early by a clock.
                let between = first.start - 5000...second.start
                guard !(flushes + steps).contains(where: { $0.overlaps(between) }) else { return nil }
                // A millisecond was cut off from each of the three times.
                return second.start < min(end, leaseEnd) - 3 ? "\(task): \(first) and \(second)" : nil
            }
        }
    }

    /// Runs beyond the first of each task.
    var repeatedRuns: Int { runs.values.reduce(0) { $0 + $1.count - 1 } }

    /// Reads a file of lines.
    static func read(_ path: String) throws -> SoakHistory {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return SoakHistory(text.split(separator: "\n").lazy.map { $0.split(separator: " ") })
    }
}
