#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The sockets of the control thread, and the waiting for them.
struct IOEndpoints {
    private var endpoints: [any IOEndpoint] = []
    private var groups: [IOGroup] = []
    private var watched: [pollfd] = []
    private var spinPause = 0

    /// How long to look for an answer before sleeping.
    private static let spinTime = Duration.microseconds(150)
    /// How many waits go without looking after one that was in vain.
    private static let spinPauseAfterFailure = 10

    /// Adds an endpoint.
    mutating func add(_ endpoint: any IOEndpoint, to group: IOGroup) {
        endpoints.append(endpoint)
        groups.append(group)
    }

    /// Ends and forgets the endpoints of a group.
    mutating func end(_ group: IOGroup, now: ContinuousClock.Instant) {
        for index in endpoints.indices where groups[index] == group { endpoints[index].loopEnds(now: now) }
        keep(groups.map { $0 != group })
    }

    /// Lets each look at its news and deadlines, and send what has gathered.
    mutating func turn(now: ContinuousClock.Instant) {
        for endpoint in endpoints { endpoint.turn(now: now) }
        if endpoints.contains(where: \.isFinished) { keep(endpoints.map { !$0.isFinished }) }
    }

    /// Waits for a socket, a signal, or an instant, whichever comes first; not at all if an endpoint has news.
    ///
    /// - Returns: whether the pipe was signalled.
    mutating func wait(until instant: ContinuousClock.Instant?, pipe: WakePipe) -> Bool {
        watched.removeAll(keepingCapacity: true)
        watched.append(pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0))
        var next = instant
        var mustLook = false
        for endpoint in endpoints {
            let events = endpoint.wantsWrite ? POLLIN | POLLOUT : POLLIN
            watched.append(pollfd(fd: endpoint.descriptor, events: Int16(events), revents: 0))
            if let deadline = endpoint.nextDeadline { next = next.map { min($0, deadline) } ?? deadline }
            mustLook = mustLook || endpoint.hasNews
        }
        let timeout = mustLook ? 0 : next.map { Self.milliseconds(from: .now, to: $0) } ?? -1
        var count: Int32 = 0
        if timeout != 0, endpoints.contains(where: \.expectsAnswer) { count = spin() }
        if count == 0 { count = poll(&watched, nfds_t(watched.count), timeout) }
        // An interrupted call has set no events.
        if count < 0 { for index in watched.indices { watched[index].revents = 0 } }
        return watched[0].revents != 0
    }

    /// Looks for an answer for a moment before sleeping: waking a thread that sleeps takes longer than a server on the
    /// same machine or rack takes to answer. If answers take longer than that, it is not tried again for a while.
    private mutating func spin() -> Int32 {
        guard spinPause == 0 else {
            spinPause -= 1
            return 0
        }
        let end = ContinuousClock.now + Self.spinTime
        repeat {
            let count = poll(&watched, nfds_t(watched.count), 0)
            if count != 0 { return count }
            sched_yield()
        } while ContinuousClock.now < end
        spinPause = Self.spinPauseAfterFailure
        return 0
    }

    /// Serves the sockets that the last wait found ready.
    func handleReadySockets(now: ContinuousClock.Instant) {
        for (index, endpoint) in endpoints.enumerated() {
            let events = Int32(watched[index + 1].revents)
            guard events != 0 else { continue }
            let isBroken = events & Int32(POLLERR | POLLHUP | POLLNVAL) != 0
            endpoint.socketIsReady(
                canRead: isBroken || events & Int32(POLLIN) != 0,
                canWrite: isBroken || events & Int32(POLLOUT) != 0,
                now: now
            )
        }
    }

    private mutating func keep(_ isKept: [Bool]) {
        let kept = endpoints.indices.filter { isKept[$0] }
        (endpoints, groups) = (kept.map { endpoints[$0] }, kept.map { groups[$0] })
    }

    /// Rounded up, so that a deadline has passed when `poll` returns.
    private static func milliseconds(from now: ContinuousClock.Instant, to deadline: ContinuousClock.Instant) -> Int32 {
        let wait = deadline - now
        guard wait > .zero else { return 0 }
        guard wait < .seconds(3600) else { return 3_600_000 }
        return Int32(clamping: wait.millisecondsRoundedUp)
    }
}
