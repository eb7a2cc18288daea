import BellowsTesting
import Synchronization
import TestTurns
import Testing

@testable import Bellows

@Suite(.turn) struct SignalSubscriptionTests {
    private let name: TaskName

    init() throws { name = try TaskName("a") }

    @Test func deliversWhatCameBeforeTheReader() async {
        let subscription = SignalSubscription()
        subscription.send(.available(name))
        #expect(await subscription.next() == .signal(.available(name)))
    }

    @Test func wakesAWaitingReader() async {
        let time = ManualTimeSource()
        let subscription = SignalSubscription()
        async let next = subscription.next(until: time.now + .seconds(60), on: time)
        // The timer is the proof that the reader is on its way.
        #expect(await time.waitForTimer(notAfter: time.now + .seconds(60)))
        subscription.send(.available(name))
        #expect(await next == .signal(.available(name)))
    }

    @Test func deadlineEndsTheWaitAndNothingElse() async {
        let time = ManualTimeSource()
        let subscription = SignalSubscription()
        async let next = subscription.next(until: time.now + .seconds(1), on: time)
        #expect(await time.moveToNextTimer(notAfter: time.now + .seconds(1)))
        #expect(await next == .deadline)
        #expect(await subscription.next(until: time.now, on: time) == .deadline, "a deadline that has passed")
        subscription.send(.checkEverything)
        #expect(await subscription.next(until: time.now, on: time) == .signal(.checkEverything), "a signal goes first")
    }

    @Test func cancelEndsWaitingReadersAndTellsTheBackendOnce() async {
        let ends = Mutex(0)
        let subscription = SignalSubscription { ends.withLock { $0 += 1 } }
        let reading = Task { await subscription.next() }
        subscription.cancel()
        #expect(await reading.value == .ended)
        subscription.cancel()
        subscription.send(.checkEverything)
        #expect(await subscription.next() == .ended)
        #expect(ends.withLock(\.self) == 1)
    }

    @Test("A second reader ends the first one instead of leaving it to hang")
    func secondReader() async {
        let subscription = SignalSubscription()
        await withTaskGroup(of: SignalSubscription.Next.self) { readers in
            for _ in 1...2 { readers.addTask { await subscription.next() } }
            #expect(await readers.next() == .ended)
            subscription.send(.available(name))
            #expect(await readers.next() == .signal(.available(name)))
        }
    }

    @Test func cancelledReaderEndsButTheSubscriptionGoesOn() async {
        let subscription = SignalSubscription()
        let reading = Task { await subscription.next() }
        reading.cancel()
        #expect(await reading.value == .ended)
        subscription.send(.available(name))
        #expect(await subscription.next() == .signal(.available(name)))
    }

    @Test func releaseEndsTheSubscription() {
        let ends = Mutex(0)
        do { _ = SignalSubscription { ends.withLock { $0 += 1 } } }
        #expect(ends.withLock(\.self) == 1)
    }
}
