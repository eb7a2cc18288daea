import TestTurns
import Testing

@testable import Bellows

@Suite(.turn) struct SignalHubTests {
    @Test func signalsReachWhomTheyConcern() async throws {
        let hub = SignalHub()
        let (a, b) = (try TaskName("a"), try TaskName("b"))
        let id = try TaskID("x")
        let tasks = hub.subscribe(to: [.tasks(a)])
        let result = hub.subscribe(to: [.result(id, of: a), .tasks(b)])
        #expect(await tasks.next() == .signal(.checkEverything))
        #expect(await result.next() == .signal(.checkEverything))
        hub.send([.available(a), .due(b, in: .seconds(1)), .resultReady(id, of: a), .resultReady(id, of: b)])
        #expect(await tasks.next() == .signal(.available(a)))
        #expect(await result.next() == .signal(.due(b, in: .seconds(1))))
        #expect(await result.next() == .signal(.resultReady(id, of: a)))
        hub.send([.checkEverything])
        #expect(await tasks.next() == .signal(.checkEverything))
        #expect(await result.next() == .signal(.checkEverything), "another definition's result was not delivered")
    }

    @Test func endedSubscriptionsAreForgotten() throws {
        let hub = SignalHub()
        let name = try TaskName("a")
        var subscription: SignalSubscription? = hub.subscribe(to: [.tasks(name)])
        #expect(subscription != nil)
        #expect(hub.count == 1)
        subscription = nil
        #expect(hub.count == 0)
        hub.subscribe(to: [.tasks(name)]).cancel()
        #expect(hub.count == 0)
        hub.send([.available(name)])
    }
}
