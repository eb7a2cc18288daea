/// The part of a backend that publishers need.
public protocol TaskPublishingBackend: Sendable {
    /// What this backend takes.
    var limits: TaskLimits { get }

    /// Stores tasks of one definition and wakes workers.
    ///
    /// An implementer owes:
    /// - check everything with ``PublishRequest/validate(_:limits:date:)`` before anything is stored;
    /// - return only when the tasks are as durable as the store makes them;
    /// - store all of the list or none, and never the id of a caller twice;
    /// - make a repetition of the same call after a lost reply harmless.
    ///
    /// - Parameters:
    ///   - requests: at most ``VerbLimits/publishedTasks``, of at most ``VerbLimits/publishedBytes`` together unless there is
    ///     only one.
    ///   - name: the definition.
    /// - Returns: one answer for each request, in their order.
    /// - Throws: with ``BellowsError/Code/invalidInput`` or ``BellowsError/Code/tooLarge``, nothing was sent.
    func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask]
}

/// The part of a backend that workers need.
///
/// In the four verbs that take leases, all leases of one call share their name and kind.
public protocol TaskExecutionBackend: Sendable {
    /// Takes due tasks, each under a lease of its own.
    ///
    /// An implementer owes:
    /// - one winner for each task, a new ``LeaseToken`` each time, and attempts counted by the claim itself;
    /// - nothing before its time, tasks whose leases have ended taken over, and all times from the store's clock;
    /// - immediate tasks in the order of publishing, delayed ones in the order of their times, in turn where both wait;
    /// - at most about 1 MiB of payload in one answer, but always one task;
    /// - a record that cannot be read handed out all the same, as ``ClaimedTask/newer`` if a newer version of the
    ///   backend wrote it, and as ``ClaimedTask/malformed`` otherwise.
    ///
    /// - Parameter request: what is wanted.
    /// - Returns: the tasks, or why there are none and when to ask again.
    /// - Throws: ``BellowsError``.
    func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome

    /// Extends leases by their full duration from now.
    ///
    /// An implementer owes: compare the whole token; extend a lease that has ended if nobody has taken the task over.
    ///
    /// - Parameters:
    ///   - leases: at most ``VerbLimits/renewedLeases``.
    ///   - name: their definition.
    /// - Returns: one outcome for each lease, in their order.
    /// - Throws: ``BellowsError``.
    func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome]

    /// Ends attempts well: removes the task or sets its next run, stores the result where wanted and announces it.
    ///
    /// An implementer owes: all of it or nothing, under the token; a repetition of the same call answers the same and
    /// changes nothing.
    ///
    /// - Parameters:
    ///   - requests: at most ``VerbLimits/reports``.
    ///   - name: their definition.
    /// - Returns: one outcome for each request, in their order.
    /// - Throws: ``BellowsError``.
    func finish(_ requests: [FinishRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome]

    /// Ends failed attempts: sets the next try, or moves the task to the dead letters and gives its waiters the reason.
    ///
    /// An implementer owes the same as for ``finish(_:in:)``.
    ///
    /// - Parameters:
    ///   - requests: at most ``VerbLimits/reports``.
    ///   - name: their definition.
    /// - Returns: one outcome for each request, in their order.
    /// - Throws: ``BellowsError``.
    func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome]

    /// Gives tasks back unworked, the attempt not counted: due at once, with another worker woken, or after a delay.
    ///
    /// An implementer owes the same as for ``finish(_:in:)``. A delayed task is not handed out before its time, by the
    /// store's clock, and workers that wait learn of that time. A task whose id begins with `~` is the library's own:
    /// it goes on being leased, to nobody, and its lease ends after the delay.
    ///
    /// - Parameters:
    ///   - leases: at most ``VerbLimits/reports``.
    ///   - name: their definition.
    ///   - delay: how long they are not handed out again; zero or less for not at all, at most
    ///     ``Availability/maximumDelay``.
    /// - Returns: one outcome for each lease, in their order.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/invalidInput`` for a delay that is too long.
    func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome]
}

extension TaskExecutionBackend {
    /// Gives tasks back unworked, due at once; see ``release(_:in:after:)``.
    ///
    /// - Parameters:
    ///   - leases: at most ``VerbLimits/reports``.
    ///   - name: their definition.
    /// - Returns: one outcome for each lease, in their order.
    /// - Throws: ``BellowsError``.
    public func release(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await release(leases, in: name, after: .zero)
    }
}

/// A whole backend: a persistent registry, a signal channel, and results.
public protocol Backend: TaskPublishingBackend, TaskExecutionBackend {
    /// The monotonic clock and the timers that dispatchers and waiters on this backend use.
    var timeSource: any TimeSource { get }

    /// Listens for signals.
    ///
    /// An implementer owes:
    /// - ``BackendSignal/checkEverything`` once when the subscription is in force, and after every gap, however short;
    /// - a signal to at least one waiting process for each task that is or becomes due, and for each time that is
    ///   earlier than the process knows. A process waits from a claim with ``ClaimRequest/wantsWakeUp`` that brought
    ///   less than was asked for until it gets a signal. Where none waits, all get it;
    /// - no signal lost without a ``BackendSignal/checkEverything``. Signals are hints: they may come twice or for
    ///   nothing;
    /// - the end of the subscription when the returned value is cancelled or released.
    ///
    /// - Parameter topics: what to listen for.
    /// - Returns: the signals, coalesced while nobody reads.
    /// - Throws: ``BellowsError/Code/closed`` if the backend is closed.
    func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription

    /// Looks for the results of tasks, without waiting.
    ///
    /// An implementer owes: answering ``ResultLookup/pending`` means that the result will be kept for at least
    /// an hour, and announced to this process's ``SignalTopic/result(_:of:)``.
    ///
    /// - Parameters:
    ///   - queries: at most ``VerbLimits/results``.
    ///   - name: their definition.
    /// - Returns: one answer for each query, in their order.
    /// - Throws: ``BellowsError``.
    func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup]

    /// What this backend can do beyond its verbs, such as ``BackendInspecting``, ``WakeUpForwarding``,
    /// ``SignalGapReporting`` or ``PartitionCountRegistry``.
    ///
    /// This is the only way in which capabilities are looked for, so they survive decoration: a backend that wraps
    /// another one answers `(self as? Capability) ?? wrapped.capability(type)`. By default a backend has the
    /// capabilities that it conforms to.
    ///
    /// ```swift
    /// if let inspecting = backend.capability((any BackendInspecting).self) {
    ///     print(try await inspecting.definitionNames())
    /// }
    /// ```
    ///
    /// - Parameter type: the protocol.
    /// - Returns: a value with the capability; nil if there is none.
    func capability<Capability>(_ type: Capability.Type) -> Capability?
}

extension Backend {
    /// Itself, if it conforms to the protocol.
    public func capability<Capability>(_ type: Capability.Type) -> Capability? { self as? Capability }
}
