import Testing

@testable import BellowsRedis

@Suite("Subscription state machine")
struct SubscriptionStateMachineTests {
    private func frame(_ kind: String, _ channel: String, _ last: RedisReply = .integer(1)) -> RedisReply {
        .array([.bytes([UInt8](kind.utf8)), .bytes([UInt8](channel.utf8)), last])
    }

    @Test("channels wanted before the connection are asked for with one command, then in force once")
    func connect() {
        var machine = SubscriptionStateMachine()
        #expect(machine.want(["b", "a"]) == [])
        #expect(machine.connected() == [.subscribe(["a", "b"])])
        #expect(machine.isWaiting)
        #expect(machine.received(frame("subscribe", "a")) == [])
        #expect(machine.received(frame("subscribe", "b")) == [.inForce])
        #expect(!machine.isWaiting)
    }

    @Test("a connection that wants nothing is in force at once")
    func nothing() {
        var machine = SubscriptionStateMachine()
        #expect(machine.connected() == [.inForce])
        #expect(machine.want(["a"]) == [.subscribe(["a"])])
        #expect(machine.received(frame("subscribe", "a")) == [.inForce])
        #expect(machine.want(["a"]) == [])
    }

    @Test("each later addition is in force when it is confirmed")
    func additions() {
        var machine = SubscriptionStateMachine()
        _ = machine.want(["a"])
        _ = machine.connected()
        #expect(machine.want(["b"]) == [.subscribe(["b"])])
        #expect(machine.received(frame("subscribe", "a")) == [])
        #expect(machine.received(frame("subscribe", "b")) == [.inForce])
    }

    @Test("a channel that comes, goes and comes again in one breath")
    func toggling() {
        var machine = SubscriptionStateMachine()
        _ = machine.connected()
        #expect(machine.want(["a"]) == [.subscribe(["a"])])
        #expect(machine.unwant(["a", "x"]) == [.unsubscribe(["a"])])
        #expect(machine.want(["a"]) == [.subscribe(["a"])])
        #expect(machine.received(frame("subscribe", "a")) == [])
        #expect(machine.received(frame("unsubscribe", "a", .integer(0))) == [])
        #expect(machine.received(frame("subscribe", "a")) == [.inForce])
    }

    @Test("channels of a cluster are asked for slot by slot")
    func sharded() {
        var machine = SubscriptionStateMachine(isSharded: true)
        #expect(machine.want(["{a}:1", "{b}:1", "{a}:2"]) == [])
        #expect(machine.connected() == [.subscribe(["{a}:1", "{a}:2"]), .subscribe(["{b}:1"])])
        #expect(machine.received(frame("ssubscribe", "{a}:1")) == [])
        #expect(machine.received(frame("ssubscribe", "{a}:2")) == [])
        #expect(machine.received(frame("ssubscribe", "{b}:1")) == [.inForce])
        let message = frame("smessage", "{a}:1", .bytes([7]))
        #expect(machine.received(message) == [.deliver(channel: [UInt8]("{a}:1".utf8), payload: [7])])
        #expect(machine.unwant(["{a}:1"]) == [.unsubscribe(["{a}:1"])])
        #expect(machine.received(frame("sunsubscribe", "{a}:1", .integer(1))) == [])
    }

    @Test("a slot that leaves its server takes its channels along")
    func moved() {
        var machine = SubscriptionStateMachine(isSharded: true)
        _ = machine.want(["{a}:1"])
        _ = machine.connected()
        #expect(machine.received(.error(RedisServerError("MOVED 1 h:1"))) == [.moved])
        _ = machine.connected()
        _ = machine.received(frame("ssubscribe", "{a}:1"))
        #expect(machine.received(frame("sunsubscribe", "{a}:1", .integer(0))) == [.moved])
    }

    @Test("messages pass at any time; so do pongs")
    func messages() {
        var machine = SubscriptionStateMachine()
        _ = machine.want(["a"])
        _ = machine.connected()
        let message = frame("message", "a", .bytes([0, 255]))
        #expect(machine.received(message) == [.deliver(channel: [97], payload: [0, 255])])
        #expect(machine.received(.array([.bytes([UInt8]("pong".utf8)), .bytes([])])) == [])
    }

    @Test("each new connection starts over")
    func reconnect() {
        var machine = SubscriptionStateMachine()
        _ = machine.want(["a"])
        _ = machine.connected()
        _ = machine.received(frame("subscribe", "a"))
        machine.disconnected()
        #expect(machine.want(["b"]) == [])
        #expect(machine.unwant(["a"]) == [])
        #expect(machine.connected() == [.subscribe(["b"])])
        #expect(machine.received(frame("subscribe", "b")) == [.inForce])
    }

    @Test("many channels go into several commands")
    func many() {
        var machine = SubscriptionStateMachine()
        _ = machine.want((0..<2_500).map { "c\($0)" })
        #expect(machine.connected().count == 3)
    }

    @Test("frames that make no sense")
    func violations() {
        let frames: [RedisReply] = [
            .status("PONG"), .integer(1), .null, .array([]), .array([.integer(1)]), frame("subscribe", "other"),
            frame("unsubscribe", "a"), frame("pmessage", "a"), frame("message", "a", .integer(1)),
            frame("smessage", "a", .bytes([])), .array([.bytes([1])]), .bytes([1]),
        ]
        for reply in frames {
            var machine = SubscriptionStateMachine()
            _ = machine.want(["a"])
            _ = machine.connected()
            let actions = machine.received(reply)
            #expect(actions.count == 1)
            if case .violation? = actions.first {} else { Issue.record("\(reply) was accepted") }
        }
    }

    @Test("an unasked end of a subscription ends the connection, so that all is asked for again")
    func unasked() {
        var machine = SubscriptionStateMachine()
        _ = machine.want(["a"])
        _ = machine.connected()
        _ = machine.received(frame("subscribe", "a"))
        #expect(machine.received(frame("unsubscribe", "a")) == [.violation("a confirmation of something else")])
    }

    @Test("a refusal")
    func refusal() {
        var machine = SubscriptionStateMachine()
        _ = machine.want(["a"])
        _ = machine.connected()
        let error = RedisServerError("NOPERM no channel")
        #expect(machine.received(.error(error)) == [.refused(error)])
    }
}
