import Bellows

/// Decides what a connection does next: when to connect, to which address, how long to wait, and when to try again.
///
/// Events go in, actions come out; it knows no socket, no clock and no thread.
struct ConnectionStateMachine: Sendable {
    /// Where a connection stands.
    enum State: Equatable, Sendable {
        /// Not started.
        case idle
        /// Waiting for addresses.
        case resolving(deadline: ContinuousClock.Instant)
        /// Waiting for the connection to the address with this index.
        case connecting(index: Int, deadline: ContinuousClock.Instant, overall: ContinuousClock.Instant)
        /// Waiting for the answers of the first exchange.
        case handshaking(deadline: ContinuousClock.Instant)
        /// In use.
        case ready
        /// Waiting before the next attempt.
        case backingOff(until: ContinuousClock.Instant)
        /// Ended for good.
        case closed
    }

    /// What has happened.
    enum Event: Sendable {
        /// The owner wants a connection.
        case start
        /// The look-up has ended.
        case resolved(Result<[SocketEndpoint], SocketError>)
        /// The socket is connected.
        case connected
        /// The socket cannot be connected.
        case connectFailed(String)
        /// All steps of the first exchange are fine.
        case handshakeFinished
        /// A step is not fine, or the server has refused something that we cannot do without.
        case refused(BellowsError)
        /// The socket is broken or has ended.
        case lost(String)
        /// The owner wants another socket.
        case reset(String)
        /// The owner knows that another attempt should be made now, because the server is elsewhere.
        case reconnectNow(String)
        /// Time has passed; look at the deadlines.
        case timePassed
        /// The owner wants no connection any more.
        case close
    }

    /// What to do, in this order.
    enum Action: Sendable {
        /// Look the address up.
        case resolve
        /// Open a socket.
        case connect(SocketEndpoint)
        /// Send the first exchange.
        case beginHandshake
        /// Let commands through.
        case activate
        /// Close the socket. Whatever was sent on it gets no answer.
        case dropSocket(String)
        /// Tell the owner.
        case report(ConnectionEvent)
    }

    private(set) var state = State.idle
    private let name: String
    private let connectTimeout: Duration
    /// What a connection that tells nothing is called.
    private let silence: String
    private var candidates: [SocketEndpoint] = []
    private var failures = 0
    /// Whether a look-up was begun and has not been answered, perhaps for an attempt that is over.
    private var isLookUpUnderWay = false
    /// Whether the look-up under way began before the server moved.
    private var isLookUpStale = false
    private var firstFailure: String?

    /// Waits before the next attempt: up to 50 ms at first, up to 1 s in the end.
    static let backoff = Backoff(base: .milliseconds(50), factor: 2, maximum: .seconds(1))

    init(name: String, connectTimeout: Duration, isEncrypted: Bool = false) {
        self.name = name
        // A server that speaks plain text waits for the end of what it takes for a line, and says nothing.
        silence = "no answer in \(connectTimeout)" + (isEncrypted ? "; does it speak TLS there?" : "")
        self.connectTimeout = connectTimeout
    }

    /// Whether commands may be sent.
    var isReady: Bool { if case .ready = state { true } else { false } }

    /// When to tell that time has passed.
    var nextDeadline: ContinuousClock.Instant? {
        switch state {
        case .resolving(let deadline), .connecting(_, let deadline, _), .handshaking(let deadline): deadline
        case .backingOff(let until): until
        case .idle, .ready, .closed: nil
        }
    }

    /// Takes an event. One that does not fit the state is an echo of something that is over, and changes nothing.
    mutating func handle(
        _ event: Event,
        now: ContinuousClock.Instant,
        random: inout some RandomNumberGenerator
    ) -> [Action] {
        if case .closed = state { return [] }
        switch event {
        case .close: return close()
        case .start: return state == .idle ? beginAttempt(now) : []
        case .timePassed: return timePassed(now, &random)
        case .resolved(let result): return resolved(result, now, &random)
        case .connected:
            guard case .connecting(_, _, let overall) = state else { return [] }
            state = .handshaking(deadline: overall)
            return [.beginHandshake]
        case .connectFailed(let text):
            guard case .connecting(let index, _, let overall) = state else { return [] }
            return tryNext(after: index, text, overall: overall, now, &random)
        case .handshakeFinished:
            guard case .handshaking = state else { return [] }
            state = .ready
            failures = 0
            return [.activate, .report(.ready)]
        case .refused(let error): return refused(error, now, &random)
        case .lost(let text): return lost(text, now, &random)
        case .reset(let text): return state == .ready ? interrupt(text, now, &random) : []
        case .reconnectNow(let text): return reconnect(text, now)
        }
    }

    private mutating func resolved(
        _ result: Result<[SocketEndpoint], SocketError>,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        let isStale = isLookUpStale
        (isLookUpUnderWay, isLookUpStale) = (false, false)
        guard case .resolving(let overall) = state else { return [] }
        // The answer is from before the server moved.
        if isStale { return beginAttempt(now) }
        switch result {
        case .success(let endpoints):
            candidates = endpoints
            return connect(index: 0, overall: overall, now, &random)
        case .failure(let error):
            return fail(BellowsError(error.code, "cannot reach Redis at \(name): \(error.message)"), now, &random)
        }
    }

    private mutating func refused(
        _ error: BellowsError,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        switch state {
        case .idle, .resolving, .backingOff, .closed: return []
        case .connecting: return [.dropSocket(error.message)] + fail(error, now, &random)
        case .handshaking: return fail(error, now, &random)
        case .ready: return [.dropSocket(error.message), .report(.lost(error.message))] + fail(error, now, &random)
        }
    }

    private mutating func lost(
        _ text: String,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        switch state {
        case .idle, .resolving, .backingOff, .closed: return []
        case .connecting(let index, _, let overall):
            return tryNext(after: index, text, overall: overall, now, &random)
        case .handshaking:
            return fail(BellowsError(.unavailable, "Redis at \(name) ended the connection: \(text)"), now, &random)
        case .ready: return interrupt(text, now, &random)
        }
    }

    private mutating func reconnect(_ text: String, _ now: ContinuousClock.Instant) -> [Action] {
        isLookUpStale = isLookUpUnderWay
        switch state {
        case .idle, .resolving, .closed: return []
        case .connecting, .handshaking: return [.dropSocket(text)] + beginAttempt(now)
        case .ready: return [.dropSocket(text), .report(.lost(text))] + beginAttempt(now)
        case .backingOff: return beginAttempt(now)
        }
    }

    private mutating func tryNext(
        after index: Int,
        _ text: String,
        overall: ContinuousClock.Instant,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        firstFailure = firstFailure ?? text
        return [.dropSocket(text)] + connect(index: index + 1, overall: overall, now, &random)
    }

    /// Ends a connection that was in use.
    private mutating func interrupt(
        _ text: String,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        state = .backingOff(until: now + nextDelay(&random))
        return [.dropSocket(text), .report(.lost(text))]
    }

    private mutating func close() -> [Action] {
        let hadSocket =
            switch state {
            case .connecting, .handshaking, .ready: true
            case .idle, .resolving, .backingOff, .closed: false
            }
        state = .closed
        return (hadSocket ? [.dropSocket("the connection was closed")] : []) + [.report(.closed)]
    }

    private mutating func beginAttempt(_ now: ContinuousClock.Instant) -> [Action] {
        firstFailure = nil
        isLookUpUnderWay = true
        candidates = []
        state = .resolving(deadline: now + connectTimeout)
        return [.resolve]
    }

    /// Each address gets an equal share of the time that is left, so that a dead first one leaves time for the others.
    private mutating func connect(
        index: Int,
        overall: ContinuousClock.Instant,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        guard index < candidates.count, now < overall else {
            let text = firstFailure ?? (candidates.isEmpty ? "it has no address" : silence)
            return fail(BellowsError(.unavailable, "cannot reach Redis at \(name): \(text)"), now, &random)
        }
        let share = (overall - now) / (candidates.count - index)
        state = .connecting(index: index, deadline: now + share, overall: overall)
        return [.connect(candidates[index])]
    }

    private mutating func timePassed(
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        guard let deadline = nextDeadline, deadline <= now else { return [] }
        switch state {
        case .resolving:
            let text = "cannot reach Redis at \(name): it was not found in \(connectTimeout)"
            return fail(BellowsError(.unavailable, text), now, &random)
        case .connecting(let index, _, let overall):
            firstFailure = firstFailure ?? silence
            return [.dropSocket("no answer")] + connect(index: index + 1, overall: overall, now, &random)
        case .handshaking:
            let text = "Redis at \(name) accepts connections but does not answer in \(connectTimeout)"
            return fail(BellowsError(.unavailable, text), now, &random)
        case .backingOff: return beginAttempt(now)
        case .idle, .ready, .closed: return []
        }
    }

    /// Ends an attempt.
    private mutating func fail(
        _ error: BellowsError,
        _ now: ContinuousClock.Instant,
        _ random: inout some RandomNumberGenerator
    ) -> [Action] {
        let hadSocket = if case .handshaking = state { true } else { false }
        // Wrong credentials do not mend themselves, and servers count such attempts.
        let least: Duration = error.isRetryable ? .zero : .seconds(1)
        state = .backingOff(until: now + least + nextDelay(&random))
        return (hadSocket ? [.dropSocket(error.message)] : []) + [.report(.failed(error))]
    }

    private mutating func nextDelay(_ random: inout some RandomNumberGenerator) -> Duration {
        failures += 1
        return Self.backoff.delay(attempt: failures, using: &random)
    }
}
