import Testing

@testable import BellowsRedis

@Suite struct SubscriptionPlanTests {
    private typealias Node = RedisConfiguration.Node
    private let a = Node(host: "a", port: 1)
    private let b = Node(host: "b", port: 1)

    /// A map on which the channels of x are on one server, and those of y on another one.
    private func map(x: Node?, y: Node?) -> ClusterMap {
        var map = ClusterMap()
        if let x { map.move(HashSlot(of: "{x}"), to: x) }
        if let y { map.move(HashSlot(of: "{y}"), to: y) }
        return map
    }

    @Test("Channels wait until it is known who keeps their slots")
    func waits() {
        var plan = SubscriptionPlan()
        #expect(plan.want(["{x}:1", "{y}:1"]) == [])
        #expect(plan.adopt(map(x: a, y: nil)) == [.subscribe(["{x}:1"], a)])
        plan.noteInForce(a)
        #expect(!plan.isInForce)
        #expect(plan.adopt(map(x: a, y: b)) == [.subscribe(["{y}:1"], b)])
        plan.noteInForce(b)
        #expect(plan.isInForce)
    }

    @Test("Channels follow their slots, and a server without channels is left")
    func follows() {
        var plan = SubscriptionPlan()
        _ = plan.want(["{x}:1", "{x}:2", "{y}:1"])
        _ = plan.adopt(map(x: a, y: a))
        plan.noteInForce(a)
        #expect(plan.isInForce)
        #expect(
            plan.adopt(map(x: a, y: b)) == [.unsubscribe(["{y}:1"], a), .subscribe(["{y}:1"], b)]
        )
        #expect(!plan.isInForce)
        plan.noteInForce(b)
        #expect(plan.isInForce)
        #expect(
            plan.adopt(map(x: b, y: b)) == [
                .unsubscribe(["{x}:1", "{x}:2"], a), .subscribe(["{x}:1", "{x}:2"], b), .leave(a),
            ]
        )
        #expect(plan.adopt(map(x: b, y: b)) == [])
    }

    @Test("Only what is new is subscribed to, and what is wanted no more is left")
    func changes() {
        var plan = SubscriptionPlan()
        _ = plan.adopt(map(x: a, y: b))
        #expect(plan.want(["{x}:1"]) == [.subscribe(["{x}:1"], a)])
        #expect(plan.want(["{x}:1"]) == [])
        #expect(plan.want(["{x}:2"]) == [.subscribe(["{x}:2"], a)])
        #expect(plan.unwant(["{x}:1"]) == [.unsubscribe(["{x}:1"], a)])
        #expect(plan.unwant(["{x}:1"]) == [])
        #expect(plan.unwant(["{x}:2"]) == [.unsubscribe(["{x}:2"], a), .leave(a)])
        #expect(!plan.isInForce)
    }

    @Test("A server that was lost is in force again only when it says so")
    func losses() {
        var plan = SubscriptionPlan()
        _ = plan.adopt(map(x: a, y: b))
        _ = plan.want(["{x}:1"])
        plan.noteInForce(a)
        plan.noteLost(a)
        #expect(!plan.isInForce)
        plan.noteInForce(b)
        #expect(!plan.isInForce)
        plan.noteInForce(a)
        #expect(plan.isInForce)
    }
}
