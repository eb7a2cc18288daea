import BellowsTesting
import Foundation
import RedisFixture

/// Does harm, one fault at a time, chosen by a seed; and undoes what does not end by itself.
struct Nemesis {
    /// What it can do.
    enum Fault: Hashable {
        case killWorker, stopWorker, terminateWorker, stopPublisher
        case store(StoreFault)

        static let all = [killWorker, stopWorker, terminateWorker, stopPublisher] + StoreFault.allCases.map(store)

        var name: String {
            if case .store(let fault) = self { fault.rawValue } else { "\(self)" }
        }
    }

    private var generator: SeededGenerator
    private let server: RedisServer
    /// Those that may be killed come first; the last worker is only harmed otherwise, so that its memory can be watched.
    private let workers: [SoakProcess]
    private let publishers: [SoakProcess]
    private let events: EventFile
    /// How often each fault was used.
    private(set) var counts: [Fault: Int] = [:]

    init(
        seed: UInt64,
        server: RedisServer,
        workers: [SoakProcess],
        publishers: [SoakProcess],
        events: EventFile
    ) {
        generator = SeededGenerator(seed: seed)
        (self.server, self.workers, self.publishers, self.events) = (server, workers, publishers, events)
    }

    /// Does one thing, and waits a little.
    mutating func act() async throws {
        let fault = Fault.all[Int.random(in: 0..<Fault.all.count, using: &generator)]
        let victim = Int.random(in: 0..<(workers.count - 1), using: &generator)
        let target = Int.random(in: 0..<(workers.count + publishers.count), using: &generator)
        let duration = Duration.milliseconds(Int.random(in: 100...3000, using: &generator))
        let pause = Duration.milliseconds(Int.random(in: 500...3000, using: &generator))
        counts[fault, default: 0] += 1
        events.append("fault \(fault.name) \(sharedMilliseconds())")
        try await perform(fault, workers[victim], (workers + publishers)[target], duration)
        try await Task.sleep(for: pause)
    }

    private func perform(
        _ fault: Fault,
        _ worker: SoakProcess,
        _ process: SoakProcess,
        _ duration: Duration
    ) async throws {
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
        case .store(let fault): try await fault.perform(on: server, process.proxy, for: duration)
        }
    }
}
