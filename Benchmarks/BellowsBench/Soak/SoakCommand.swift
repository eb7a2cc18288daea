import ArgumentParser
import Bellows
import BellowsRedis
import Foundation

/// Three publishers and three workers with every kind of task, and one random fault after the other; then everything
/// that was acknowledged is looked for.
///
/// In the last tenth of a run of ten minutes or more everything is removed now and then, and the server's clock is set.
/// No store can make that good, so what was there at such a moment may be gone, or run early; everything else still
/// holds. A shorter run would have little left that may not be excused.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "soak")

    @Option(help: "For how long, in seconds.") var seconds = 1800
    @Option(help: "Chooses faults and tasks; a random one if it is left out.") var seed: UInt64?
    @Option(help: "Tasks per second and publisher.") var rate = 80
    @Option(help: "Milliseconds of a lease.") var lease = 2000
    @Flag(help: "Without faults.") var calm = false
    @Flag(help: "On a cluster of three primaries, whose slots move.") var cluster = false
    @Flag(help: "Keep the file of events, and tell its name.") var keep = false

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0...999_999)
        note("seed \(seed)")
        let store = try SoakStore(cluster: cluster)
        defer { store.stop() }
        let events = try EventFile(path: NSTemporaryDirectory() + "bellows-soak-\(getpid())")
        let flag = try EventFile(path: events.path + ".publishing")
        defer {
            if keep { note("events in \(events.path)") } else { unlink(events.path) }
            unlink(flag.path)
        }
        let workers = try (0..<3).map { _ in
            try SoakProcess(store: store) { [lease] url in
                ["soak-worker", "--url", url, "--lease", "\(lease)", "--events", events.path]
            }
        }
        let publishers = try (0..<3).map { index in
            try SoakProcess(store: store) { [rate] url in
                ["soak-publisher", "--url", url, "--events", events.path, "--seed", "\(seed &+ UInt64(index))"]
                    + ["--rate", "\(rate)", "--flag", flag.path]
            }
        }
        defer { for process in workers + publishers where process.isRunning { process.signal(SIGKILL) } }
        let targets = Nemesis.Targets(
            store: store,
            workers: Array(workers.dropLast()),
            spared: [workers[2]],
            publishers: publishers,
            proxies: [],
            names: SoakKind.allCases.map(\.rawValue),
            shifts: [-30, 0, 30],
            flush: {
                for (kind, count) in try await store.flush() {
                    events.append("flushed \(kind.rawValue) \(count.finished) \(count.dead)")
                }
            }
        )
        var nemesis = Nemesis(seed: seed, targets) { events.append($0) }

        // The first tenth warms up; those that are never killed are compared with themselves.
        let watched = [workers[2], publishers[1], publishers[2]]
        let begin = ContinuousClock.now
        var first: [(bytes: Int, descriptors: Int)]?
        while ContinuousClock.now < begin + .seconds(seconds) {
            if calm {
                try await Task.sleep(for: .seconds(1))
            } else {
                let isLate = ContinuousClock.now > begin + .seconds(seconds) * 9 / 10
                try await nemesis.act(ruinous: seconds >= 600 && isLate)
            }
            if first == nil, ContinuousClock.now > begin + .seconds(seconds) / 10 { first = watched.map { $0.usage() } }
        }
        try nemesis.heal()
        try await Task.sleep(for: .seconds(5))
        let last = watched.map { $0.usage() }

        unlink(flag.path)
        var isOver = true
        for publisher in publishers {
            let time = try await publisher.waitForEnd(atMost: .seconds(120))
            isOver = isOver && time != nil
        }
        let backend = try await RedisBackend.connect(store.url)
        defer { backend.close() }
        for kind in SoakKind.allCases {
            for name in try kind.partitions.names {
                // A clock that was set back makes leases of the dead longer.
                let isEmpty = try await backend.waitUntilEmpty(name, atMost: .seconds(90))
                isOver = isOver && isEmpty
            }
        }
        for worker in workers { worker.signal(SIGTERM) }
        var drains: [Double?] = []
        for worker in workers { drains.append(try await worker.waitForEnd(atMost: .seconds(30))) }
        let audit = try await RedisBackend.audit(try RedisConfiguration(url: store.url))
        for violation in audit.violations { note("\(violation)") }

        let history = try SoakHistory.read(events.path)
        var report = Report(experiment: cluster ? "soak --cluster" : "soak")
        try await resolver(history, backend, &report)
        report.figures["seed"] = Double(seed)
        report.figures["seconds"] = Double(seconds)
        report.figures["faults"] = Double(nemesis.counts.values.reduce(0, +))
        report.figures["audit_violations"] = Double(audit.violationCount)
        report.goals["every key is as it should be"] = audit.isClean
        report.goals["everything ends"] = isOver
        let stops = history.drains + drains
        report.figures["drain_max_s"] = stops.map { $0 ?? 999 }.max() ?? 0
        report.goals["drains <= grace + 2 s"] = (stops.map { $0 ?? 999 }.max() ?? 0) <= 4
        let drift = zip(first ?? last, last).map { Double($1.bytes) / Double(max(1, $0.bytes)) - 1 }
        report.figures["rss_drift_percent"] = (drift.max() ?? 0) * 100
        report.goals["RSS drift < 10 %"] = (drift.max() ?? 1) < 0.1
        let descriptors = zip(first ?? last, last).map { abs($1.descriptors - $0.descriptors) }
        report.figures["descriptor_drift"] = Double(descriptors.max() ?? 0)
        report.goals["descriptors +- 2"] = (descriptors.max() ?? 99) <= 2
        for (fault, count) in nemesis.counts { report.figures["fault_\(fault.name)"] = Double(count) }
        try report.print()
    }

    private func resolver(_ history: SoakHistory, _ backend: RedisBackend, _ report: inout Report) async throws {
        var (lost, twice, gone) = (0, 0, 0)
        for kind in SoakKind.allCases {
            let missing = history.lost(kind)
            for id in missing.prefix(5) { note("lost: \(kind.rawValue) \(id)") }
            lost += missing.count
            var counts = (finished: 0, dead: 0)
            for name in try kind.partitions.names {
                let part = try await backend.statistics(of: name)
                counts = (counts.finished + part.finishedTotal, counts.dead + part.dead)
            }
            let flushed = history.flushed[kind.rawValue] ?? (0, 0)
            let acknowledged = history.acknowledged[kind.rawValue]?.count ?? 0
            let unknown = history.unknown[kind.rawValue] ?? 0
            let ruined = history.ruined(kind)
            gone += history.removed(kind)
            let ended = kind == .doomed ? counts.dead + flushed.dead : counts.finished + flushed.finished
            let each = kind == .doomed ? 1...1 : kind.successes
            // One with an id of its own is published twice, and may be removed in between.
            let again = kind == .given ? ruined : 0
            let least = (acknowledged - ruined) * each.lowerBound
            let allowed = least...(acknowledged + unknown + again) * each.upperBound
            if !allowed.contains(ended) { note("\(kind.rawValue): \(ended) ended, allowed \(allowed)") }
            lost += max(0, allowed.lowerBound - ended)
            twice += max(0, ended - allowed.upperBound)
        }
        for overlap in history.overlaps.prefix(5) { note("overlap: \(overlap)") }
        report.figures["acknowledged"] = Double(history.acknowledgedCount)
        report.figures["unknown"] = Double(history.unknown.values.reduce(0, +))
        report.figures["refused_as_full"] = Double(history.refused)
        report.figures["removed_by_flushes"] = Double(gone)
        report.figures["lost"] = Double(lost)
        report.figures["completed_twice"] = Double(twice)
        report.figures["repeated_runs"] = Double(history.repeatedRuns)
        report.figures["overlapping_runs"] = Double(history.overlaps.count)
        report.figures["early"] = Double(history.early)
        let results = history.results
        for word in ["right", "wrong", "none", "excused"] {
            report.figures["results_\(word)"] = Double(results[word] ?? 0)
        }
        report.goals["lost 0, completed twice 0"] = lost == 0 && twice == 0
        // As many as half an hour should bring, or the share of a shorter run.
        report.goals["acknowledged >= 200,000 in half an hour"] =
            history.acknowledgedCount >= 200_000 * seconds / 1800 || seconds < 600
        report.goals["overlapping runs 0"] = history.overlaps.isEmpty
        report.goals["early 0"] = history.early == 0
        let waiters = history.acknowledged[SoakKind.awaited.rawValue]?.count ?? 0
        report.goals["every waiter has its result"] =
            (results["right"] ?? 0) + (results["excused"] ?? 0) == waiters
        report.goals["the singleton goes on"] = history.singletonGoesOn
    }

    private func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
