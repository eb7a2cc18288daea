/// What a dispatcher's shell has to do, as plain values, by who does it.
enum DispatcherAction: Equatable {
    /// Build a worker and run it. All that one turn starts are started together, before anything else is done.
    case start(SlotID, ClaimedTask, definition: Int, deadline: MonotonicInstant)
    /// Something about a running worker.
    case worker(WorkerAction)
    /// A call of the backend.
    case store(StoreCall)
    /// Tell somebody that tasks of a newer version come by: this is one of so many since the last time.
    case warnOfNewer(Lease, reason: String, count: Int)
    /// Send a `timer` event at this instant; it replaces an earlier arrangement.
    case setTimer(MonotonicInstant)
    /// Nothing is left to do.
    case end
}

/// What is done to a running worker, or for it. It takes no time.
enum WorkerAction: Equatable {
    /// Cancel the worker of a slot.
    case cancel(SlotID, CancellationCause)
    /// The local deadline of a slot has moved.
    case extended(SlotID, deadline: MonotonicInstant)
    /// Report that the worker of a slot keeps running although it was cancelled.
    case overrun(SlotID, Lease)
    /// A slot is free again.
    case retired(SlotID, LeaseStateMachine.Retirement, Lease)
    /// Running workers should come to an end.
    case announceShutdown
}

/// What is asked of the backend. The answer comes back as an event.
enum StoreCall: Equatable {
    /// Claim up to `count` tasks of a definition.
    case claim(definition: Int, count: Int)
    /// Let another process serve a definition.
    case forwardWakeUp(TaskName)
    /// Renew leases of one definition.
    case renew(TaskName, [SlotID], [Lease])
    /// Report good ends of one definition.
    case finish(TaskName, [SlotID], [FinishRequest])
    /// Report bad ends of one definition.
    case fail(TaskName, [SlotID], [FailRequest])
    /// Give tasks of one definition back, to be left alone for so long.
    case release(TaskName, [SlotID], [Lease], after: Duration)
}
