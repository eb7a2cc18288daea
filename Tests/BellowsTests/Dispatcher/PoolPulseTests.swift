import BellowsTesting
import Foundation
import Synchronization
import TestTurns
import Testing

@testable import Bellows
@testable import BellowsRuntime

/// A pool that is held by something else than handlers is found out, and one whose handlers block is not blamed.
@Suite(.turn) struct PoolPulseTests {
    @Test func looksFourTimesInALease() {
        #expect(PoolPulse(lease: .seconds(20)).interval == .seconds(5))
        #expect(PoolPulse(lease: .milliseconds(100)).interval * PoolPulse.looks == PoolPulse.leastPatience)
    }

    @Test func fallsSilentAfterFourLooksInARow() {
        var pulse = PoolPulse(lease: .seconds(20))
        for _ in 0..<3 { #expect(pulse.looked(hasSign: false) == nil) }
        #expect(pulse.looked(hasSign: true) == nil)
        for _ in 0..<3 { #expect(pulse.looked(hasSign: false) == nil) }
        #expect(!pulse.isSilent)
        #expect(pulse.looked(hasSign: false) == .fellSilent)
        #expect(pulse.looked(hasSign: false) == nil)
        #expect(pulse.isSilent)
        #expect(pulse.looked(hasSign: true) == .cameBack)
        #expect(pulse.looked(hasSign: false) == nil)
        #expect(!pulse.isSilent)
    }

    /// A pool that runs probes only when it is told to.
    private final class Pool: Sendable {
        let probes = Mutex<[@Sendable () -> Void]>([])
        let changes = Mutex<[PoolPulse.Change]>([])
        let isHeldByHandlers = Atomic(false)
        let time = ManualTimeSource()

        func watch(lease: Duration = .seconds(20)) -> PoolWatch {
            PoolWatch(
                lease: lease,
                time: time,
                isHeldByHandlers: { self.isHeldByHandlers.load(ordering: .relaxed) },
                probe: { job in self.probes.withLock { $0.append(job) } },
                onChange: { change in self.changes.withLock { $0.append(change) } }
            )
        }

        func run() {
            for probe in probes.withLock({ probes in
                defer { probes = [] }; return probes
            }) { probe() }
        }

        func look(_ count: Int = 1) { for _ in 0..<count { time.advance(by: .seconds(5)) } }
        var seen: [PoolPulse.Change] { changes.withLock { $0 } }
        var waiting: Int { probes.withLock { $0.count } }
    }

    @Test func probesOnlyWhileLeasesAreHeld() {
        let pool = Pool()
        let watch = pool.watch()
        pool.look(10)
        #expect(pool.waiting == 0)
        watch.setNeeded(true)
        pool.look()
        #expect(pool.waiting == 1)
        watch.setNeeded(false)
        pool.run()
        pool.look(10)
        #expect(pool.waiting == 0)
        watch.setNeeded(true)
        pool.look()
        #expect(pool.waiting == 1)
        watch.end()
    }

    @Test("A pool that answers no probe for a lease is silent until it does")
    func silence() {
        let pool = Pool()
        let watch = pool.watch()
        watch.setNeeded(true)
        pool.look(4)
        #expect(pool.seen == [])
        pool.look()
        #expect(pool.seen == [.fellSilent])
        #expect(pool.waiting == 1, "one probe is enough")
        // Its leases are lost, and it is still looked after.
        watch.setNeeded(false)
        pool.look(5)
        pool.run()
        pool.look()
        #expect(pool.seen == [.fellSilent, .cameBack])
        pool.look(10)
        #expect(pool.waiting == 0)
        watch.end()
    }

    @Test("Handlers that block every thread keep their leases, however long they do")
    func blockingHandlers() {
        let pool = Pool()
        let watch = pool.watch()
        watch.setNeeded(true)
        pool.look()
        pool.isHeldByHandlers.store(true, ordering: .relaxed)
        pool.look(1000)
        #expect(pool.seen == [])
        // They end, and something else takes the threads.
        pool.isHeldByHandlers.store(false, ordering: .relaxed)
        pool.look(4)
        #expect(pool.seen == [.fellSilent])
        watch.end()
    }

    @Test("The executor knows how many threads handlers hold")
    func countsThreads() async throws {
        let width = 2
        let executor = HandlerExecutor(width: width)
        let gate = DispatchSemaphore(value: 0)
        let inside = Count()
        #expect(!executor.holdsAllThreads)
        // Blocks threads of the pool for a moment, as handlers may.
        let threads = min(width, ProcessInfo.processInfo.activeProcessorCount)
        let blocked = (0..<threads).map { _ in
            Task(executorPreference: executor) {
                inside.value.add(1, ordering: .sequentiallyConsistent)
                Self.block(gate)
            }
        }
        let (finding, source) = AsyncStream.makeStream(of: Bool.self)
        let isStarted = OwnThread.start(name: "test-look") {
            let limit = ContinuousClock.now + .seconds(30)
            while inside.value.load(ordering: .sequentiallyConsistent) < threads, ContinuousClock.now < limit {
                usleep(1000)
            }
            source.yield(executor.holdsAllThreads)
            for _ in 0..<threads { gate.signal() }
        }
        #expect(isStarted)
        for await isHeld in finding {
            #expect(isHeld == (threads == width))
            break
        }
        for task in blocked { await task.value }
    }

    /// How many threads are inside a handler.
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    private static func block(_ gate: DispatchSemaphore) { gate.wait() }
}
