/// How long a worker may hold a task without a sign of life.
public struct LeasePolicy: Hashable, Sendable {
    /// The length of a lease; 20 seconds by default, 100 milliseconds to one day.
    ///
    /// A task whose worker has died runs elsewhere after this time. It is no limit for handlers: a lease is renewed
    /// when a third of it has passed, for as long as the handler runs. Short leases recover sooner and cost more
    /// renewals; below three seconds a stall of the host or of the store can lose one.
    public var duration: Duration

    /// Makes a policy.
    ///
    /// - Parameter duration: the length of a lease, 100 milliseconds to one day.
    public init(duration: Duration = .seconds(20)) {
        self.duration = duration
    }

    /// A lease is renewed when one third of it has passed.
    var renewalInterval: Duration { duration / 3 }
    /// A renewal that failed for lack of a connection is tried again after one twentieth of the lease.
    var retryInterval: Duration { duration / 20 }

    /// Checks the length of a lease.
    ///
    /// - Throws: ``BellowsError`` with the code `invalidInput`.
    static func validate(_ lease: Duration) throws(BellowsError) {
        guard lease >= .milliseconds(100), lease <= .seconds(86400) else { throw .lease(lease) }
    }
}
