import Bellows
import BellowsRuntime

/// The connections of one backend on the event loop of the process, which ends them together.
final class EndpointGroup: Sendable {
    private let thread = EventLoop.shared
    private let group = EndpointGroupID()

    deinit {
        stop()
    }

    /// Adds an endpoint, which is made on the event loop and stays there.
    func add(_ make: @escaping @Sendable () -> any IOEndpoint) {
        thread.add(to: group, make)
    }

    /// Lets endpoints look at their news. Costs a system call only if the thread sleeps.
    func wake() {
        thread.wake()
    }

    /// Closes and forgets the endpoints.
    func stop() {
        thread.end(group)
    }
}
