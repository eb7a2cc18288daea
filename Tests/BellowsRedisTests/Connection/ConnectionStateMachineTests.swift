import Bellows
import Testing

@testable import BellowsRedis

@Suite("Connection state machine")
struct ConnectionStateMachineTests {
    private typealias World = MockConnectionWorld

    private let one = SocketEndpoint.tcp(address: "10.0.0.1", port: 1)
    private let two = SocketEndpoint.tcp(address: "10.0.0.2", port: 1)

    @Test("the way to a ready connection")
    func success() {
        var world = World()
        #expect(world.handle(.start) == ["resolve"])
        #expect(world.handle(.resolved(.success([one, two]))) == ["connect 10.0.0.1:1"])
        #expect(world.handle(.connected) == ["handshake"])
        #expect(world.handle(.handshakeFinished) == ["activate", "ready"])
        #expect(world.machine.nextDeadline == nil)
    }

    @Test("a server that has moved is looked for at once, whatever is going on")
    func hurries() {
        var world = World()
        _ = world.handle(.start)
        // The look-up may have been answered before the move.
        #expect(world.handle(.reconnectNow("moved")) == [])
        #expect(world.handle(.resolved(.success([one]))) == ["resolve"])
        #expect(world.handle(.resolved(.success([two]))) == ["connect 10.0.0.2:1"])
        #expect(world.handle(.reconnectNow("moved")) == ["drop", "resolve"])
        _ = world.handle(.resolved(.success([one])))
        _ = world.handle(.connected)
        #expect(world.handle(.reconnectNow("moved")) == ["drop", "resolve"])
        _ = world.handle(.resolved(.success([one])))
        _ = world.handle(.connected)
        _ = world.handle(.handshakeFinished)
        #expect(world.handle(.reconnectNow("moved")) == ["drop", "lost moved", "resolve"])
        _ = world.handle(.resolved(.success([one])))
        _ = world.handle(.connectFailed("refused"))
        #expect(world.isBackingOff)
        #expect(world.handle(.reconnectNow("moved")) == ["resolve"])
        _ = world.handle(.close)
        #expect(world.handle(.reconnectNow("moved")) == [])
    }

    @Test("a slow look-up that began before the server moved is not taken for a later attempt either")
    func staleLookUp() {
        var world = World()
        _ = world.handle(.start)
        #expect(world.handle(.reconnectNow("moved")) == [])
        world.advance(.seconds(10))
        #expect(world.handle(.timePassed).count == 1)
        #expect(world.isBackingOff)
        #expect(world.handle(.reconnectNow("moved")) == ["resolve"])
        #expect(world.handle(.resolved(.success([one]))) == ["resolve"])
        #expect(world.handle(.resolved(.success([two]))) == ["connect 10.0.0.2:1"])
    }

    @Test("all addresses are tried; the first failure is the one that is told")
    func addresses() {
        var world = World()
        _ = world.handle(.start)
        _ = world.handle(.resolved(.success([one, two])))
        #expect(world.handle(.connectFailed("refused")) == ["drop", "connect 10.0.0.2:1"])
        #expect(world.handle(.connectFailed("no route")) == ["drop", "failed unavailable: refused"])
        #expect(world.isBackingOff)
    }

    @Test("an address that does not answer leaves time for the others")
    func blackHole() {
        var world = World()
        _ = world.handle(.start)
        _ = world.handle(.resolved(.success([one, two])))
        world.advance(.milliseconds(2_400))
        #expect(world.handle(.timePassed) == [])
        world.advance(.milliseconds(100))
        #expect(world.handle(.timePassed) == ["drop", "connect 10.0.0.2:1"])
        world.advance(.milliseconds(2_500))
        #expect(world.handle(.timePassed) == ["drop", "failed unavailable: no answer"])
    }

    @Test("one deadline covers look-up, connection and first exchange")
    func deadline() {
        var world = World()
        _ = world.handle(.start)
        world.advance(.seconds(2))
        _ = world.handle(.resolved(.success([one])))
        world.advance(.seconds(2))
        _ = world.handle(.connected)
        world.advance(.milliseconds(999))
        #expect(world.handle(.timePassed) == [])
        world.advance(.milliseconds(1))
        #expect(world.handle(.timePassed) == ["drop", "failed unavailable: does not answer"])
    }

    @Test("a name that cannot be resolved, is resolved to nothing, or not in time")
    func resolution() {
        var world = World()
        _ = world.handle(.start)
        #expect(world.handle(.resolved(.failure(SocketError("unknown")))) == ["failed unavailable: unknown"])
        world.passBackoff()
        #expect(world.handle(.resolved(.success([]))) == ["failed unavailable: no address"])
        world.passBackoff()
        world.advance(.seconds(5))
        #expect(world.handle(.timePassed) == ["failed unavailable: not found"])
        #expect(world.handle(.resolved(.success([one]))) == [])
    }

    @Test("a lost connection is made again within 50 ms at first, then within 1 s at most")
    func backoff() {
        var world = World()
        world.becomeReady(one)
        #expect(world.handle(.lost("end")) == ["drop", "lost end"])
        #expect(world.untilDeadline <= .milliseconds(50))
        var longest = Duration.zero
        for _ in 0..<200 {
            world.passBackoff()
            _ = world.handle(.resolved(.success([one])))
            _ = world.handle(.connectFailed("refused"))
            longest = max(longest, world.untilDeadline)
        }
        #expect(longest <= .seconds(1))
        #expect(longest > .milliseconds(700))
        world.passBackoff()
        _ = world.handle(.resolved(.success([one])))
        _ = world.handle(.connected)
        _ = world.handle(.handshakeFinished)
        _ = world.handle(.lost("end"))
        #expect(world.untilDeadline <= .milliseconds(50))
    }

    @Test("a refusal waits a second at least, unless it is one that passes")
    func refusal() {
        var world = World()
        _ = world.handle(.start)
        _ = world.handle(.resolved(.success([one])))
        _ = world.handle(.connected)
        #expect(world.handle(.refused(BellowsError(.accessDenied, "no"))) == ["drop", "failed accessDenied: no"])
        #expect(world.untilDeadline >= .seconds(1))
        world.passBackoff()
        _ = world.handle(.resolved(.success([one])))
        _ = world.handle(.connected)
        #expect(
            world.handle(.refused(BellowsError(.unavailable, "loading"))) == ["drop", "failed unavailable: loading"]
        )
        #expect(world.untilDeadline < .seconds(1))
    }

    @Test("a refusal while in use ends the connection")
    func lateRefusal() {
        var world = World()
        world.becomeReady(one)
        let actions = world.handle(.refused(BellowsError(.accessDenied, "no")))
        #expect(actions == ["drop", "lost no", "failed accessDenied: no"])
        #expect(world.untilDeadline >= .seconds(1))
    }

    @Test("echoes of an earlier socket change nothing")
    func echoes() {
        var world = World()
        #expect(world.handle(.reset("x")) == [])
        #expect(world.handle(.lost("x")) == [])
        world.becomeReady(one)
        #expect(world.handle(.start) == [])
        #expect(world.handle(.connected) == [])
        #expect(world.handle(.handshakeFinished) == [])
        #expect(world.handle(.resolved(.success([two]))) == [])
        #expect(world.handle(.reset("READONLY")) == ["drop", "lost READONLY"])
        #expect(world.handle(.reset("READONLY")) == [])
        #expect(world.handle(.lost("x")) == [])
    }

    @Test("closing is final from everywhere, and drops a socket if there is one")
    func close() {
        var idle = World()
        #expect(idle.handle(.close) == ["closed"])
        #expect(idle.handle(.start) == [])
        var connecting = World()
        _ = connecting.handle(.start)
        _ = connecting.handle(.resolved(.success([one])))
        #expect(connecting.handle(.close) == ["drop", "closed"])
        var ready = World()
        ready.becomeReady(one)
        #expect(ready.handle(.close) == ["drop", "closed"])
        #expect(ready.handle(.close) == [])
        #expect(ready.handle(.lost("x")) == [])
    }

    @Test("10^5 random events never lead to an impossible action")
    func randomWalk() async {
        var random = SplitMix(seed: 7)
        for _ in 0..<1_000 {
            var world = World()
            await Task.yield()
            for _ in 0..<100 { world.step(Int(random.next() % 12), [one, two]) }
            _ = world.handle(.close)
            #expect(!world.hasSocket)
        }
    }
}
