import Bellows
import Testing

@testable import BellowsRedis

@Suite struct SignalRosterTests {
    @Test("Only the first and the last listener of a definition change its channel")
    func channels() throws {
        var roster = SignalRoster()
        let name = try TaskName("a")
        let (first, second) = (SignalSubscription(), SignalSubscription())
        #expect(roster.add(first, number: 1, topics: [.tasks(name)]) == [name])
        #expect(roster.add(second, number: 2, topics: [.tasks(name), .tasks(name)]) == [])
        #expect(roster.remove(1) == [])
        #expect(roster.remove(2) == [name])
        #expect(roster.remove(2) == [])
        #expect(roster.isEmpty)
    }

    @Test("Signals go to those who asked for them, a checkEverything to all")
    func receivers() throws {
        var roster = SignalRoster()
        let (name, other) = (try TaskName("a"), try TaskName("b"))
        let id = try TaskID("x")
        let (tasks, result) = (SignalSubscription(), SignalSubscription())
        _ = roster.add(tasks, number: 1, topics: [.tasks(name)])
        _ = roster.add(result, number: 2, topics: [.result(id, of: name)])
        #expect(roster.receivers(of: .available(name)).map(ObjectIdentifier.init) == [ObjectIdentifier(tasks)])
        #expect(roster.receivers(of: .due(other, in: .zero)).isEmpty)
        #expect(roster.receivers(of: .resultReady(id, of: name)).count == 1)
        #expect(roster.receivers(of: .resultReady(id, of: other)).isEmpty)
        #expect(roster.receivers(of: .checkEverything).count == 2)
        #expect(roster.names == [name])
        #expect(roster.awaited == [name: [id]])
    }

    @Test("A subscription that was let go is not served")
    func isWeak() throws {
        var roster = SignalRoster()
        let name = try TaskName("a")
        do {
            let subscription = SignalSubscription()
            _ = roster.add(subscription, number: 1, topics: [.tasks(name)])
            #expect(roster.subscriptions.count == 1)
        }
        #expect(roster.receivers(of: .available(name)).isEmpty)
    }

    @Test("A probe is missing until its text comes in")
    func probe() {
        var probe = SignalProbe()
        let first = probe.begin()
        #expect(probe.isMissing(first))
        probe.received("0")
        #expect(probe.isMissing(first))
        probe.received(first)
        #expect(!probe.isMissing(first))
        let second = probe.begin()
        #expect(first != second)
        probe.cancel()
        #expect(!probe.isMissing(second))
    }
}
