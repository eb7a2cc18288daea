import Bellows
import Testing

@testable import BellowsRedis

/// A simulated network around a connection's state machine, which rejects impossible actions.
struct MockConnectionWorld {
    private(set) var machine = ConnectionStateMachine(name: "test", connectTimeout: .seconds(5))
    private(set) var hasSocket = false
    private var isActive = false
    private var now = ContinuousClock.now
    private var random = SplitMix(seed: 42)

    var isBackingOff: Bool { if case .backingOff = machine.state { true } else { false } }
    var untilDeadline: Duration { machine.nextDeadline.map { $0 - now } ?? .seconds(3600) }

    mutating func advance(_ duration: Duration) {
        now += duration
    }

    /// Gives the machine an event and describes its actions.
    mutating func handle(_ event: ConnectionStateMachine.Event) -> [String] {
        machine.handle(event, now: now, random: &random).map { perform($0) }
    }

    mutating func becomeReady(_ endpoint: SocketEndpoint) {
        _ = handle(.start)
        _ = handle(.resolved(.success([endpoint])))
        _ = handle(.connected)
        _ = handle(.handshakeFinished)
    }

    mutating func passBackoff() {
        #expect(isBackingOff)
        advance(untilDeadline)
        #expect(handle(.timePassed) == ["resolve"])
    }

    /// One of twelve events.
    mutating func step(_ number: Int, _ endpoints: [SocketEndpoint]) {
        let events: [ConnectionStateMachine.Event] = [
            .start, .resolved(.success(endpoints)), .resolved(.failure(SocketError("x"))), .connected,
            .connectFailed("x"), .handshakeFinished, .refused(BellowsError(.accessDenied, "x")), .lost("x"),
            .reset("x"), .timePassed, .timePassed, .resolved(.success([])),
        ]
        if number == 10 { advance(.seconds(3)) }
        _ = handle(events[number])
    }

    private mutating func perform(_ action: ConnectionStateMachine.Action) -> String {
        switch action {
        case .resolve:
            #expect(!hasSocket)
            return "resolve"
        case .connect(let endpoint):
            #expect(!hasSocket)
            hasSocket = true
            return "connect \(endpoint)"
        case .beginHandshake:
            #expect(hasSocket && !isActive)
            return "handshake"
        case .activate:
            #expect(hasSocket && !isActive)
            isActive = true
            return "activate"
        case .dropSocket:
            #expect(hasSocket)
            (hasSocket, isActive) = (false, false)
            return "drop"
        case .report(let event): return describe(event)
        }
    }

    private func describe(_ event: ConnectionEvent) -> String {
        switch event {
        case .ready:
            #expect(isActive)
            return "ready"
        case .lost(let text):
            #expect(!hasSocket)
            return "lost \(text)"
        case .failed(let error):
            #expect(!hasSocket)
            let known = [
                "refused", "no answer", "does not answer", "no address", "not found", "unknown", "loading",
            ]
            return "failed \(error.code): \(known.first { error.message.contains($0) } ?? error.message)"
        case .closed: return "closed"
        }
    }
}
