import Bellows
import BellowsTesting
import TestTurns
import Testing

@Suite(.turn) struct WorkerDispatcherTests {
    enum Double: TaskDefinition {
        static let name = "double"
        typealias Trigger = PublishTrigger<Int>
        typealias Callback = Int
    }

    enum Tick: TaskDefinition {
        static let name = "tick"
        typealias Trigger = SingletonTrigger
    }

    struct DoubleWorker: Worker {
        typealias Definition = Double
        func process(_ input: Int, context: TaskContext) async throws -> TaskSuccess<Int> { .done(input * 2) }
    }

    @Test func awaitsATypedResult() async throws {
        let backend = InMemoryBackend()
        let running = WorkerDispatcher(backend, handlers: .on(Double.self) { number, _ in number * 2 }).launch()
        let task = try await backend.publishAwaitable(Double.self, 21)
        #expect(try await task.wait(timeout: MachineLoad.stretched(.seconds(20))) == 42)
        #expect(
            try await task.wait(timeout: MachineLoad.stretched(.seconds(20))) == 42,
            "a result may be asked for again"
        )
        try await running.drain()
    }

    @Test func workersAndFactoriesAreHandlersToo() async throws {
        let backend = InMemoryBackend()
        let running = WorkerDispatcher(backend, handlers: .on { _ in DoubleWorker() }).launch()
        let task = try await backend.publishAwaitable(Double.self, 4)
        #expect(try await task.wait(timeout: MachineLoad.stretched(.seconds(20))) == 8)
        try await running.drain()
    }

    @Test func singletonRunsWithoutPublishing() async throws {
        let backend = InMemoryBackend()
        let (runs, source) = AsyncStream.makeStream(of: TaskID.self)
        let running = WorkerDispatcher(backend, handlers: .on(Tick.self) { context in source.yield(context.id) })
            .launch()
        var iterator = runs.makeAsyncIterator()
        #expect(await iterator.next() == TaskID.singleton)
        try await running.drain()
    }

    @Test func drainBeforeTheRunBeginsEndsIt() async throws {
        let dispatcher = WorkerDispatcher(InMemoryBackend(), handlers: .on(Double.self) { number, _ in number })
        dispatcher.beginDrain()
        try await dispatcher.run()
    }

    @Test func refusesHandlersThatCannotWork() async throws {
        let backend = InMemoryBackend()
        await #expect(throws: BellowsError.noHandlers) {
            try await WorkerDispatcher(backend, handlers: []).run()
        }
        let one = TaskHandler.on(Double.self) { number, _ in number }
        await #expect(throws: BellowsError.duplicateHandler("double")) {
            try await WorkerDispatcher(backend, handlers: one, one).run()
        }
        for count in [Int.min, 0, 1_000_001, .max] {
            let configuration = DispatcherConfiguration(maximumConcurrentTasks: count)
            await #expect(throws: BellowsError.maximumConcurrentTasks(count)) {
                try await WorkerDispatcher(backend, handlers: one, configuration: configuration).run()
            }
        }
    }

    @Test func runTaskOnceSaysWhatToDoNext() async throws {
        let backend = InMemoryBackend()
        let handler = TaskHandler.on(Double.self) { number, _ in
            guard number > 0 else { throw TaskFailure.retry(.after(.seconds(60))) }
            return number * 2
        }
        let good = try await backend.publish(Double.self, 1)
        #expect(try await backend.runTaskOnce(handler, id: good.id) == .done)
        #expect(try await backend.runTaskOnce(handler, id: good.id) == .done, "nothing waits any more")
        let bad = try await backend.publish(Double.self, 0)
        #expect(try await backend.runTaskOnce(handler, id: bad.id) == .retry(after: .seconds(60)))
        #expect(try await backend.runTaskOnce(handler) != .done)
    }

    @Test func cancelledRunGivesTasksBackWithoutCountingTheAttempt() async throws {
        let backend = InMemoryBackend()
        let (starts, source) = AsyncStream.makeStream(of: Int.self)
        let handler = TaskHandler.on(Double.self) { number, context in
            source.yield(context.attempt)
            if context.headers["hang"] != nil { try await Task.sleep(for: .seconds(600)) }
            return number
        }
        let running = WorkerDispatcher(backend, handlers: handler).launch()
        let task = try await backend.publish(Double.self, 3, options: PublishOptions(headers: ["hang": "yes"]))
        var iterator = starts.makeAsyncIterator()
        #expect(await iterator.next() == 1)
        running.cancel()
        try await running.wait()
        let inspection = try #require(try await backend.inspect(task.id, in: TaskName("double")))
        #expect(inspection.attempt == 0)
        #expect(inspection.state != .leased)
    }

    @Test("A single run is cancelled at the end of its lease, also while a renewal has no answer")
    func singleRunWhoseRenewalHangs() async throws {
        let time = ManualTimeSource()
        let flaky = FlakyBackend(InMemoryBackend(timeSource: time))
        flaky.inject(.unanswered, into: [.renew])
        let ended = EventProbe<Bool>()
        let started = EventProbe<Int>()
        let handler = TaskHandler(name: try TaskName("hanging")) { _, context in
            started.record(context.attempt)
            do { try await Task.sleep(for: .seconds(600)) } catch { ended.record(Task.isCancelled) }
            return []
        }
        _ = try await flaky.publish([PublishRequest(payload: [])], to: TaskName("hanging"))
        let lease = LeasePolicy(duration: .seconds(6))
        let run = Task { try await flaky.runTaskOnce(handler, lease: lease) }
        try await started.wait(forCount: 1)
        let claimed = time.now
        #expect(await time.moveToNextTimer(notAfter: claimed + .seconds(2)))
        try await flaky.calls.wait(for: "a renewal") { $0.contains(.renew) }
        #expect(await time.moveToNextTimer(notAfter: claimed + .seconds(6)))
        #expect(try await ended.wait(forCount: 1) == [true])
        flaky.heal()
        // Nobody else has taken it, so the store takes the result.
        #expect(try await run.value == .done)
    }
}
