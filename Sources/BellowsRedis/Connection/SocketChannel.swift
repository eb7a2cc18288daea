import Bellows
import BellowsRuntime
import Logging

/// One connection on the event loop: performs what the state machine decides, and moves bytes for its handler.
final class SocketChannel<Handler: ChannelHandler>: IOEndpoint {
    private let context: ChannelContext
    private var machine: ConnectionStateMachine
    private var handler: Handler
    private var random = SystemRandomNumberGenerator()
    private var throttle = LogThrottle()
    private var decoder: ReplyDecoder?
    private var output = OutputBuffer()
    private var handshake: ArraySlice<HandshakeStep> = []
    private var isResolving = false
    /// What the server is called that was found last.
    private var host: String?
    private var isConnected = false
    /// The way to the present socket; nil if there is none.
    private var transport: Transport?
    /// Whether the transport lets bytes through.
    private var isOpen = false
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    private(set) var descriptor: Int32 = -1

    init(_ context: ChannelContext, handler: Handler) {
        self.context = context
        self.handler = handler
        machine = ConnectionStateMachine(
            name: context.configuration.address.description,
            connectTimeout: context.configuration.connectTimeout,
            isEncrypted: context.configuration.isEncrypted
        )
    }

    deinit {
        if descriptor >= 0 { Socket.close(descriptor) }
        input.deallocate()
    }

    var wantsWrite: Bool {
        guard descriptor >= 0 else { return false }
        return !isConnected || transport?.hasOutput == true || (isOpen && !output.isEmpty)
    }
    var bringsSignals: Bool { handler.bringsSignals }
    var expectsAnswer: Bool { handler.expectsAnswer }
    var isFinished: Bool { machine.state == .closed }
    var nextDeadline: ContinuousClock.Instant? {
        guard let machine = machine.nextDeadline else { return handler.nextDeadline }
        guard let handler = handler.nextDeadline else { return machine }
        return min(machine, handler)
    }

    private var isReady: Bool { machine.isReady }

    func turn(now: ContinuousClock.Instant) {
        if isReady { handler.takeOver(&output) }
        if let requests = context.mailbox.take() { read(requests, now) }
        if let deadline = machine.nextDeadline, deadline <= now { handle(.timePassed, now) }
        if let reason = handler.expire(now: now) { handle(.lost(reason), now) }
        if isReady { handler.fill(&output, now: now) } else { handler.takeNews(now: now) }
        if isOpen, !output.isEmpty || transport?.hasOutput == true { send(now) }
        if isReady, output.isEmpty, transport?.isPlain == true { handler.offer(descriptor) }
    }

    func socketIsReady(canRead: Bool, canWrite: Bool, now: ContinuousClock.Instant) {
        if !isConnected {
            guard canWrite else { return }
            if let error = Socket.connectFailure(descriptor) {
                handle(.connectFailed(error.message), now)
            } else {
                isConnected = true
                open(now)
            }
            return
        }
        guard isOpen else { return open(now) }
        if canRead { receive(now) }
        // Whatever gathers now is sent by the turn that follows.
    }

    func loopEnds(now: ContinuousClock.Instant) {
        handle(.close, now)
    }

    private func read(_ requests: ChannelMailbox.Requests, _ now: ContinuousClock.Instant) {
        if requests.mustStart { handle(.start, now) }
        if let resolved = requests.resolved {
            isResolving = false
            take(resolved, now)
        }
        if let reason = requests.resetReason { handle(.reset(reason), now) }
        if let reason = requests.reconnectReason { handle(.reconnectNow(reason), now) }
        if requests.mustClose { handle(.close, now) }
    }

    private func handle(_ event: ConnectionStateMachine.Event, _ now: ContinuousClock.Instant) {
        for action in machine.handle(event, now: now, random: &random) {
            perform(action, now)
        }
    }

    private func perform(_ action: ConnectionStateMachine.Action, _ now: ContinuousClock.Instant) {
        switch action {
        case .resolve: resolve(now)
        case .connect(let endpoint): connect(endpoint, now)
        case .beginHandshake: beginHandshake(now)
        case .activate: handler.connectionBegan(sent: output.sent, now: now)
        case .dropSocket(let reason): dropSocket(reason)
        case .report(let event):
            log(event, now)
            handler.report(event)
        }
    }

    /// One look-up at a time: the result of a slow one serves the next attempt.
    private func resolve(_ now: ContinuousClock.Instant) {
        if let endpoint = Resolver.literal(context.configuration.address) {
            return take(.success(ServerLocation(endpoints: [endpoint], host: context.configuration.address.host)), now)
        }
        guard !isResolving else { return }
        isResolving = true
        let mailbox = context.mailbox
        Resolver.resolve(context.configuration) { result in
            mailbox.leave { $0.resolved = result }
            EventLoop.shared.wake()
        }
    }

    private func take(_ location: Result<ServerLocation, SocketError>, _ now: ContinuousClock.Instant) {
        if case .success(let location) = location { host = location.host }
        handle(.resolved(location.map(\.endpoints)), now)
    }

    private func connect(_ endpoint: SocketEndpoint, _ now: ContinuousClock.Instant) {
        switch HiredisDriver.connect(to: endpoint) {
        case .failure(let error): handle(.connectFailed(error.message), now)
        case .success(let new):
            descriptor = new
            isConnected = false
            if case .tcp = endpoint { Socket.configure(new, isTCP: true) } else { Socket.configure(new, isTCP: false) }
            do throws(BellowsError) {
                transport = try Transport(descriptor: new, configuration: context.configuration, host: host)
            } catch {
                handle(.refused(error), now)
            }
        }
    }

    /// Continues with what comes before the first exchange.
    private func open(_ now: ContinuousClock.Instant) {
        switch transport?.open() {
        case .done:
            isOpen = true
            handle(.connected, now)
        case .underWay, nil: break
        case .lost(let text): handle(.lost(text), now)
        case .refused(let error): handle(.refused(error), now)
        }
    }

    private func beginHandshake(_ now: ContinuousClock.Instant) {
        guard let decoder = ReplyDecoder(maximumReplyBytes: context.configuration.maximumReplyBytes) else {
            return handle(.lost("out of memory"), now)
        }
        self.decoder = decoder
        output = OutputBuffer()
        let steps = context.handshake()
        handshake = steps[...]
        guard !steps.isEmpty else { return handle(.handshakeFinished, now) }
        output.refill { bytes in
            for step in steps {
                _ = HiredisDriver.withFormatted(step.command) { bytes.append(contentsOf: $0) }
            }
        }
        send(now)
    }

    private func dropSocket(_ reason: String) {
        guard descriptor >= 0 else { return }
        handler.connectionEnds()
        handler.takeOver(&output)
        Socket.close(descriptor)
        descriptor = -1
        transport = nil
        isConnected = false
        isOpen = false
        handshake = []
        decoder = nil
        let unsent = output
        output = OutputBuffer()
        handler.connectionEnded(reason, output: unsent)
    }

    private func send(_ now: ContinuousClock.Instant) {
        switch transport?.send(&output) {
        case nil, .moved, .wouldBlock: break
        case .ended: handle(.lost("the server ended the connection"), now)
        case .failed(let text): handle(.lost(text), now)
        case .refused(let text): handle(.refused(BellowsError(.accessDenied, text)), now)
        }
    }

    /// Takes what is there, but not for ever: other sockets wait too.
    private func receive(_ now: ContinuousClock.Instant) {
        guard let transport else { return }
        var rounds = 0
        // What the transport has taken from the socket already is read to the end: nothing would tell us of it again.
        while rounds < 16 || transport.hasInput {
            rounds += 1
            switch transport.receive(into: input) {
            case .moved(let count):
                decode(UnsafeRawBufferPointer(rebasing: input[..<count]), now)
                guard self.transport === transport, count == input.count || transport.hasInput else { return }
            case .wouldBlock: return
            case .ended: return handle(.lost("the server ended the connection"), now)
            case .failed(let text): return handle(.lost(text), now)
            case .refused(let text): return handle(.refused(BellowsError(.accessDenied, text)), now)
            }
        }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, _ now: ContinuousClock.Instant) {
        guard let decoder else { return }
        do {
            try decoder.decode(bytes) { reply in
                accept(reply, now)
                return self.decoder === decoder
            }
        } catch {
            handle(.lost("protocol error: \(error.message)"), now)
        }
    }

    private func accept(_ reply: RedisReply, _ now: ContinuousClock.Instant) {
        guard isReady else { return acceptHandshake(reply, now) }
        // A caller may have written since this thread last looked, and the server may be that fast.
        handler.takeOver(&output)
        switch handler.received(reply, sent: output.sent, now: now) {
        case .accepted: break
        case .violation(let text): handle(.lost("protocol error: \(text)"), now)
        case .refused(let error): handle(.refused(error), now)
        }
    }

    private func acceptHandshake(_ reply: RedisReply, _ now: ContinuousClock.Instant) {
        guard let step = handshake.popFirst() else { return handle(.lost("protocol error: an unasked reply"), now) }
        if let error = step.check(reply) {
            handle(.refused(error), now)
        } else if handshake.isEmpty {
            handle(.handshakeFinished, now)
        }
    }

    /// Messages are constant, so that they can be counted; what they are about is metadata.
    private func log(_ event: ConnectionEvent, _ now: ContinuousClock.Instant) {
        let (message, text): (Logger.Message, String)
        switch event {
        case .failed(let error): (message, text) = ("Redis cannot be used", error.message)
        case .lost(let reason): (message, text) = ("the connection to Redis was lost", reason)
        case .ready, .closed: return
        }
        guard let count = throttle.pass(now: now) else { return }
        context.logger.warning(
            message,
            metadata: [
                LogKeys.connection: "\(context.name)", LogKeys.error: "\(ErrorText.sanitize(text))",
                LogKeys.suppressed: "\(count)",
            ]
        )
    }
}
