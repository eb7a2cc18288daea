/// One socket, and whatever hangs on it. Used on the event loop only.
package protocol IOEndpoint: AnyObject {
    /// The socket to watch; negative if there is none at present.
    var descriptor: Int32 { get }
    /// Whether to wait until the socket can be written to.
    var wantsWrite: Bool { get }
    /// When to call ``turn(now:)`` at the latest; nil if only an event matters.
    var nextDeadline: ContinuousClock.Instant? { get }
    /// Whether what comes in are signals rather than replies.
    var bringsSignals: Bool { get }
    /// Whether the other side owes an answer, which is likely to come soon.
    var expectsAnswer: Bool { get }
    /// Whether the loop may forget it.
    var isFinished: Bool { get }

    /// Looks at news and deadlines, and sends what has gathered.
    func turn(now: ContinuousClock.Instant)
    /// The socket is readable, writable, or broken.
    func socketIsReady(canRead: Bool, canWrite: Bool, now: ContinuousClock.Instant)
    /// The endpoint is no longer wanted.
    func loopEnds(now: ContinuousClock.Instant)
}
