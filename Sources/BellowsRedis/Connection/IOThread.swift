#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The body of an I/O loop's thread.
struct IOThread {
    private let waker: IOWaker
    private var endpoints: [any IOEndpoint] = []
    private var watched: [pollfd] = []

    init(_ waker: IOWaker) {
        self.waker = waker
    }

    /// Runs until the loop is stopped.
    consuming func run() {
        var now = ContinuousClock.now
        while true {
            let (additions, isStopped) = waker.takeNews()
            for make in additions { endpoints.append(make()) }
            if isStopped { break }
            for endpoint in endpoints { endpoint.turn(now: now) }
            endpoints.removeAll { $0.isFinished }
            wait(now: now)
            now = ContinuousClock.now
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
        for endpoint in endpoints { endpoint.loopEnds(now: now) }
    }

    private mutating func wait(now: ContinuousClock.Instant) {
        watched.removeAll(keepingCapacity: true)
        watched.append(pollfd(fd: waker.pipe.readEnd, events: Int16(POLLIN), revents: 0))
        var next: ContinuousClock.Instant?
        for endpoint in endpoints {
            let events = endpoint.wantsWrite ? POLLIN | POLLOUT : POLLIN
            watched.append(pollfd(fd: endpoint.descriptor, events: Int16(events), revents: 0))
            if let deadline = endpoint.nextDeadline { next = next.map { min($0, deadline) } ?? deadline }
        }
        waker.willSleep()
        let mustLook = waker.hasNews || endpoints.contains { $0.hasNews }
        let timeout = mustLook ? 0 : next.map { Self.milliseconds(from: now, to: $0) } ?? -1
        let count = poll(&watched, nfds_t(watched.count), timeout)
        if waker.didWake(), watched[0].revents != 0 { waker.pipe.drain() }
        // An interrupted call has set no events.
        if count < 0 { for index in watched.indices { watched[index].revents = 0 } }
    }

    /// Rounded up, so that a deadline has passed when `poll` returns.
    private static func milliseconds(from now: ContinuousClock.Instant, to deadline: ContinuousClock.Instant) -> Int32 {
        let wait = deadline - now
        guard wait > .zero else { return 0 }
        guard wait < .seconds(3600) else { return 3_600_000 }
        let (seconds, attoseconds) = wait.components
        return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
