#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The sockets of the event loop, and the waiting for them.
struct IOEndpoints {
    private var endpoints: [any IOEndpoint] = []
    private var groups: [EndpointGroupID] = []
    /// The wake pipe, then the sockets of the endpoints.
    private var watched = [pollfd(fd: -1, events: 0, revents: 0)]
    private var spinPause = 0
    private var nextSpinPause = Self.shortestSpinPause

    /// How long to look for an answer before sleeping.
    private static let spinTime = Duration.microseconds(300)
    /// How many waits go without looking after one that was in vain; twice as many after the next, and so on.
    private static let shortestSpinPause = 8
    private static let longestSpinPause = 1024

    /// Adds an endpoint.
    mutating func add(_ endpoint: any IOEndpoint, to group: EndpointGroupID) {
        endpoints.append(endpoint)
        groups.append(group)
        watched.append(pollfd(fd: -1, events: 0, revents: 0))
    }

    /// Ends and forgets the endpoints of a group.
    mutating func end(_ group: EndpointGroupID, now: ContinuousClock.Instant) {
        for index in endpoints.indices where groups[index] == group { endpoints[index].loopEnds(now: now) }
        keep(groups.map { $0 != group })
    }

    /// Lets each look at its news and deadlines, and send what has gathered.
    mutating func turn(now: ContinuousClock.Instant) {
        for endpoint in endpoints { endpoint.turn(now: now) }
        if endpoints.contains(where: \.isFinished) { keep(endpoints.map { !$0.isFinished }) }
    }

    /// Notes which sockets to watch.
    ///
    /// - Parameter instant: when something else is due.
    /// - Returns: until when to wait at most.
    mutating func prepareWait(until instant: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        var next = instant
        for (index, endpoint) in endpoints.enumerated() {
            watched[index + 1].fd = endpoint.descriptor
            watched[index + 1].events = Int16(endpoint.wantsWrite ? POLLIN | POLLOUT : POLLIN)
            if let deadline = endpoint.nextDeadline, next.map({ deadline < $0 }) ?? true { next = deadline }
        }
        return next
    }

    /// Looks for an answer for a moment before sleeping: waking a thread that sleeps takes longer than a server on the
    /// same machine or rack takes to answer. If answers take longer than that, it is not tried again for a while.
    ///
    /// - Parameter hasNews: whether another thread has left something.
    /// - Returns: whether a socket is ready.
    mutating func look(_ hasNews: () -> Bool) -> Bool {
        guard !hasNews(), endpoints.contains(where: \.expectsAnswer) else { return false }
        guard spinPause == 0 else {
            spinPause -= 1
            return false
        }
        // Nobody signals a thread that does not sleep.
        watched[0].fd = -1
        let end = ContinuousClock.now + Self.spinTime
        repeat {
            if poll(0) {
                nextSpinPause = Self.shortestSpinPause
                return true
            }
            if hasNews() { return false }
            sched_yield()
        } while ContinuousClock.now < end
        spinPause = nextSpinPause
        nextSpinPause = min(2 * nextSpinPause, Self.longestSpinPause)
        return false
    }

    /// Waits for a socket, a signal, or an instant, whichever comes first.
    ///
    /// - Returns: whether a socket is ready.
    mutating func wait(until instant: ContinuousClock.Instant?, pipe: WakePipe) -> Bool {
        watched[0] = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
        let isReady = poll(instant.map { Self.milliseconds(from: .now, to: $0) } ?? -1)
        // A signal may come late, after something else has ended the wait it was meant for. Left in the pipe it would
        // end every later wait at once; taken out it costs nothing, because news is looked for after each wait.
        if isReady, watched[0].revents != 0 { pipe.drain() }
        return isReady
    }

    private mutating func poll(_ timeout: Int32) -> Bool {
        #if canImport(Darwin)
            let count = Darwin.poll(&watched, nfds_t(watched.count), timeout)
        #elseif canImport(Glibc)
            let count = Glibc.poll(&watched, nfds_t(watched.count), timeout)
        #elseif canImport(Musl)
            let count = Musl.poll(&watched, nfds_t(watched.count), timeout)
        #endif
        // An interrupted call has set no events.
        return count > 0
    }

    /// Whether the last wait found another socket ready.
    var hasReadySocket: Bool { watched.dropFirst().contains { $0.revents != 0 } }

    /// Serves one of the sockets that the last wait found ready, those with signals first.
    ///
    /// - Returns: whether there was one.
    mutating func handleReadySocket(now: ContinuousClock.Instant) -> Bool {
        let ready = endpoints.indices.filter { watched[$0 + 1].revents != 0 }
        guard let index = ready.first(where: { endpoints[$0].bringsSignals }) ?? ready.first else { return false }
        let events = Int32(watched[index + 1].revents)
        watched[index + 1].revents = 0
        let isBroken = events & Int32(POLLERR | POLLHUP | POLLNVAL) != 0
        endpoints[index].socketIsReady(
            canRead: isBroken || events & Int32(POLLIN) != 0,
            canWrite: isBroken || events & Int32(POLLOUT) != 0,
            now: now
        )
        return true
    }

    private mutating func keep(_ isKept: [Bool]) {
        let kept = endpoints.indices.filter { isKept[$0] }
        (endpoints, groups) = (kept.map { endpoints[$0] }, kept.map { groups[$0] })
        watched = [watched[0]] + kept.map { watched[$0 + 1] }
    }

    /// Rounded up, so that a deadline has passed when `poll` returns.
    private static func milliseconds(from now: ContinuousClock.Instant, to deadline: ContinuousClock.Instant) -> Int32 {
        let wait = deadline - now
        guard wait > .zero else { return 0 }
        guard wait < .seconds(3600) else { return 3_600_000 }
        // Less than an hour, so the division cannot overflow.
        return Int32(clamping: Int64((wait / .milliseconds(1)).rounded(.up)))
    }
}
