import Foundation

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

    private(set) var runs: [String: [Run]] = [:]
    private(set) var acknowledged: [String: Set<String>] = [:]
    /// How many publishes of each kind may be stored or not.
    private(set) var unknown: [String: Int] = [:]
    private(set) var results: [String: Int] = [:]
    private(set) var early = 0
    private(set) var drains: [Double?] = []
    private var killed: [Int: Int] = [:]

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
        case ("acknowledged", 3): acknowledged[String(line[1]), default: []].insert(String(line[2]))
        case ("unknown", 3): unknown[String(line[1]), default: 0] += 1
        case ("result", 3): results[String(line[2]), default: 0] += 1
        case ("early", 4): early += 1
        case ("killed", 3): killed[number(1)] = number(2)
        case ("drained", 3): drains.append(Double(line[2]))
        default: break
        }
    }

    /// How many tasks were acknowledged.
    var acknowledgedCount: Int { acknowledged.values.reduce(0) { $0 + $1.count } }

    /// Acknowledged tasks of which no run ended well.
    func lost(_ kind: SoakKind) -> [String] {
        (acknowledged[kind.rawValue] ?? []).filter { id in
            let runs = runs["\(kind.rawValue) \(id)"] ?? []
            return kind == .doomed ? runs.isEmpty : !runs.contains(where: \.isSuccess)
        }
    }

    /// Pairs of runs of one task of which the second began while the first one knew that its lease was still good.
    var overlaps: [String] {
        runs.filter { $0.value.count > 1 }.flatMap { task, runs in
            let runs = runs.sorted { $0.start < $1.start }
            return zip(runs, runs.dropFirst()).compactMap { first, second -> String? in
                guard let end = first.end, second.start < end else { return nil }
                // A killed process cannot say until when it had its lease.
                guard let leaseEnd = first.leaseEnd else { return nil }
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
