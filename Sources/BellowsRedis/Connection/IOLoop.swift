import Bellows

/// One thread that waits in `poll` for sockets, for deadlines, and for what other threads hand over.
///
/// It never runs code of Swift's cooperative pool, so blocked handlers cannot hold it up.
final class IOLoop: Sendable {
    let waker = IOWaker()

    init() {
        let waker = waker
        OwnThread.start(name: "bellows-io") {
            IOThread(waker).run()
        }
    }

    deinit {
        stop()
    }

    /// Adds an endpoint, which is made on the loop's thread and stays there. Nothing happens on a stopped loop.
    func add(_ make: @escaping @Sendable () -> any IOEndpoint) {
        waker.add(make)
    }

    /// Lets endpoints look at their news. Costs a system call only if the thread sleeps.
    func wake() {
        waker.wake()
    }

    /// Ends the thread after its endpoints have closed.
    func stop() {
        waker.stop()
    }
}
