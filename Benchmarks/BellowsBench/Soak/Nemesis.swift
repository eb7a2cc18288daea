import BellowsHistory
import Foundation
import RedisFixture

/// Does harm, one fault at a time, chosen by a seed; and undoes what does not end by itself.
struct Nemesis {
    /// What it can do.
    enum Fault: Hashable {
        case killWorker, stopWorker, terminateWorker, stopPublisher, stepClocks
        case store(SoakStore.Fault)
        /// What no store can make good: everything is removed, or the clock that leases and delays go by is set.
        case flushStore, stepServerClock

        static let ruinous = [flushStore, stepServerClock]

        var name: String {
            if case .store(let fault) = self { fault.name } else { "\(self)" }
        }
    }

    /// What it harms.
    struct Targets {
        let store: SoakStore
        /// May be killed, and are started again.
        let workers: [SoakProcess]
        /// Are harmed otherwise only, so that their memory can be watched.
        let spared: [SoakProcess]
        /// The first of these may be stopped for a while.
        let publishers: [SoakProcess]
        /// More ways to the store.
        let proxies: [FaultProxy]
        /// The definitions whose servers suffer, in a cluster.
        let names: [String]
        /// How many seconds the server's clock may be ahead.
        let shifts: [Int]
        /// Removes everything.
        let flush: () async throws -> Void

        var processes: [SoakProcess] { workers + spared + publishers }
    }

    private var generator: SeededGenerator
    private let targets: Targets
    /// Is told of faults and of what becomes of those that were harmed.
    private let note: (String) -> Void
    private let faults: [Fault]
    /// How far the server's clock is ahead, in seconds.
    private var shift = 0
    /// How often each fault was used.
    private(set) var counts: [Fault: Int] = [:]

    init(seed: UInt64, _ targets: Targets, note: @escaping (String) -> Void) {
        generator = SeededGenerator(seed: seed)
        (self.targets, self.note) = (targets, note)
        let onProcesses: [Fault] = [.killWorker, .stopWorker, .terminateWorker, .stepClocks]
        faults =
            onProcesses + (targets.publishers.isEmpty ? [] : [.stopPublisher]) + targets.store.faults.map(Fault.store)
    }

    /// Does one thing, and waits a little.
    ///
    /// - Parameters:
    ///   - ruinous: whether it may be one of those that no store can make good.
    ///   - pauses: for how many milliseconds it may wait.
    mutating func act(ruinous: Bool, pauses: ClosedRange<Int> = 500...3000) async throws {
        let isRuinous = ruinous && Bool.random(using: &generator)
        let all = isRuinous ? Fault.ruinous : faults
        let fault = all[Int.random(in: 0..<all.count, using: &generator)]
        let pause = Duration.milliseconds(Int.random(in: pauses, using: &generator))
        counts[fault, default: 0] += 1
        let begin = sharedMilliseconds()
        note("fault \(fault.name) \(begin)")
        try await perform(fault)
        if fault == .flushStore { note("ruin \(fault.name) \(begin) \(sharedMilliseconds())") }
        try await Task.sleep(for: pause)
    }

    /// Sets back what stays as it is.
    mutating func heal() throws {
        for process in targets.processes { process.proxy?.heal() }
        for proxy in targets.proxies { proxy.heal() }
        try stepServerClock(to: 0)
    }

    private mutating func stepServerClock(to seconds: Int) throws {
        guard seconds != shift else { return }
        let begin = sharedMilliseconds()
        try targets.store.stepClock(to: seconds)
        shift = seconds
        note("ruin \(Fault.stepServerClock.name) \(begin) \(sharedMilliseconds())")
    }

    private mutating func perform(_ fault: Fault) async throws {
        let worker = targets.workers[Int.random(in: 0..<targets.workers.count, using: &generator)]
        let ways = targets.processes.map(\.proxy) + targets.proxies
        let way = ways[Int.random(in: 0..<ways.count, using: &generator)]
        let duration = Duration.milliseconds(Int.random(in: 100...3000, using: &generator))
        switch fault {
        case .killWorker:
            worker.signal(SIGKILL)
            note("killed \(worker.pid) \(sharedMilliseconds())")
            _ = try await worker.waitForEnd(atMost: .seconds(5))
            try worker.start()
        case .terminateWorker:
            worker.signal(SIGTERM)
            // The grace of the drain is two seconds at most.
            let time = try await worker.waitForEnd(atMost: .seconds(30))
            note("drained \(worker.pid) \(time.map { String($0) } ?? "never")")
            if time == nil { note("killed \(worker.pid) \(sharedMilliseconds())") }
            try worker.start()
        case .stopWorker:
            worker.signal(SIGSTOP)
            try await Task.sleep(for: duration * 2)
            worker.signal(SIGCONT)
        case .stopPublisher:
            let publisher = targets.publishers[0]
            publisher.signal(SIGSTOP)
            try await Task.sleep(for: duration)
            publisher.signal(SIGCONT)
        case .stepClocks:
            // They stay as they are: nothing may depend on them.
            for process in targets.processes {
                try process.clock.step(to: Int.random(in: -3600...3600, using: &generator))
            }
        case .store(let fault):
            let name = targets.names[Int.random(in: 0..<targets.names.count, using: &generator)]
            try await targets.store.perform(fault, on: way, name, for: duration, using: &generator)
        case .flushStore: try await targets.flush()
        case .stepServerClock:
            try stepServerClock(to: targets.shifts[Int.random(in: 0..<targets.shifts.count, using: &generator)])
        }
    }
}
