import Synchronization

/// Names endpoints of the event loop that end together. A number, because the address of an object may come again.
package struct EndpointGroupID: Hashable, Sendable {
    private static let last = Atomic<UInt64>(0)

    private let number: UInt64

    /// Makes a name that no other group has.
    package init() {
        number = Self.last.add(1, ordering: .relaxed).newValue
    }
}
