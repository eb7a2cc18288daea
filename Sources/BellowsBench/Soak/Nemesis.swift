import BellowsTesting
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

    private var generator: SeededGenerator
    private let store: SoakStore
    /// Those that may be killed come first; the last worker is only harmed otherwise, so that its memory can be watched.
    private let workers: [SoakProcess]
    private let publishers: [SoakProcess]
    private let events: EventFile
    private let faults: [Fault]
    /// How far the server's clock is ahead, in seconds.
    private var shift = 0
    /// How often each fault was used.
    private(set) var counts: [Fault: Int] = [:]

    init(seed: UInt64, store: SoakStore, workers: [SoakProcess], publishers: [SoakProcess], events: EventFile) {
        generator = SeededGenerator(seed: seed)
        (self.store, self.workers, self.publishers, self.events) = (store, workers, publishers, events)
        faults =
            [.killWorker, .stopWorker, .terminateWorker, .stopPublisher, .stepClocks] + store.faults.map(Fault.store)
    }

    /// Does one thing, and waits a little.
    ///
    /// - Parameter ruinous: whether it may be one of those that no store can make good.
    mutating func act(ruinous: Bool) async throws {
        let isRuinous = ruinous && Bool.random(using: &generator)
        let all = isRuinous ? Fault.ruinous : faults
        let fault = all[Int.random(in: 0..<all.count, using: &generator)]
        let pause = Duration.milliseconds(Int.random(in: 500...3000, using: &generator))
        counts[fault, default: 0] += 1
        let begin = sharedMilliseconds()
        events.append("fault \(fault.name) \(begin)")
        try await perform(fault)
        if fault == .flushStore { events.append("ruin \(fault.name) \(begin) \(sharedMilliseconds())") }
        try await Task.sleep(for: pause)
    }

    /// Sets back what stays as it is.
    mutating func heal() throws {
        for process in workers + publishers { process.proxy?.heal() }
        try stepServerClock(to: 0)
    }

    private mutating func stepServerClock(to seconds: Int) throws {
        guard seconds != shift else { return }
        let begin = sharedMilliseconds()
        try store.stepClock(to: seconds)
        shift = seconds
        events.append("ruin \(Fault.stepServerClock.name) \(begin) \(sharedMilliseconds())")
    }

    private mutating func perform(_ fault: Fault) async throws {
        let worker = workers[Int.random(in: 0..<(workers.count - 1), using: &generator)]
        let process = (workers + publishers)[
            Int.random(in: 0..<(workers.count + publishers.count), using: &generator)
        ]
        let duration = Duration.milliseconds(Int.random(in: 100...3000, using: &generator))
        switch fault {
        case .killWorker:
            worker.signal(SIGKILL)
            events.append("killed \(worker.pid) \(sharedMilliseconds())")
            _ = try await worker.waitForEnd(atMost: .seconds(5))
            try worker.start()
        case .terminateWorker:
            worker.signal(SIGTERM)
            // The grace of the drain is two seconds.
            let time = try await worker.waitForEnd(atMost: .seconds(30))
            events.append("drained \(worker.pid) \(time.map { String($0) } ?? "never")")
            if time == nil { events.append("killed \(worker.pid) \(sharedMilliseconds())") }
            try worker.start()
        case .stopWorker:
            worker.signal(SIGSTOP)
            try await Task.sleep(for: duration * 2)
            worker.signal(SIGCONT)
        case .stopPublisher:
            let publisher = publishers[0]
            publisher.signal(SIGSTOP)
            try await Task.sleep(for: duration)
            publisher.signal(SIGCONT)
        case .stepClocks:
            // They stay as they are: nothing may depend on them.
            for process in workers + publishers {
                try process.clock.step(to: Int.random(in: -3600...3600, using: &generator))
            }
        case .store(let fault):
            let kind = SoakKind.random(using: &generator)
            try await store.perform(fault, on: process.proxy, kind, for: duration, using: &generator)
        case .flushStore:
            for (kind, count) in try store.flush() {
                events.append("flushed \(kind.rawValue) \(count.finished) \(count.dead)")
            }
        case .stepServerClock: try stepServerClock(to: [-30, 0, 30][Int.random(in: 0..<3, using: &generator)])
        }
    }
}
