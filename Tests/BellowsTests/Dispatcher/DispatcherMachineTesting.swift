@testable import Bellows

/// Short words for tests of the dispatcher's machine.
protocol DispatcherMachineTesting {}

extension DispatcherMachineTesting {
    func machine(
        _ names: [String] = ["a"],
        kind: TaskKind = .published,
        slots: Int = 4
    ) throws -> DispatcherStateMachine {
        let resolver = AttemptResolver(handlerPolicy: RetryPolicy(), resultRetention: nil, limits: TaskLimits())
        let definitions = try names.map {
            DispatcherStateMachine.Definition(name: try TaskName($0), kind: kind, resolver: resolver)
        }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: slots,
            lease: LeasePolicy(duration: .seconds(6)),
            shutdownGrace: .seconds(10)
        )
        return DispatcherStateMachine(definitions: definitions, configuration: configuration)
    }

    func claimed(
        _ ids: [String],
        name: String = "a",
        next: ClaimOutcome.NextClaim = .onSignal,
        definition: Int = 0,
        at seconds: Double = 0
    ) throws -> DispatcherEvent {
        let tasks = try ids.map { try Fixtures.task($0, name: name) }
        return .claimReturned(
            definition: definition,
            requested: VerbLimits.claimedTasks,
            sentAt: Fixtures.at(seconds),
            .claimed(tasks, next: next)
        )
    }

    func empty(_ next: ClaimOutcome.NextClaim, definition: Int = 0) -> DispatcherEvent {
        .claimReturned(definition: definition, requested: 100, sentAt: Fixtures.at(0), .unavailable(next))
    }

    func slot(_ number: UInt64) -> SlotID { SlotID(number: number) }

    func finish(_ id: String, name: String = "a") throws -> AttemptReport {
        .finish(FinishRequest(lease: try Fixtures.task(id, name: name).lease))
    }
}

/// Actions by one word.
extension DispatcherAction {
    static func claim(definition: Int, count: Int) -> DispatcherAction {
        .store(.claim(definition: definition, count: count))
    }

    static func forwardWakeUp(_ name: TaskName) -> DispatcherAction { .store(.forwardWakeUp(name)) }

    static func release(_ name: TaskName, _ slots: [SlotID], _ leases: [Lease], after delay: Duration)
        -> DispatcherAction
    {
        .store(.release(name, slots, leases, after: delay))
    }

    static func cancelWorker(_ slot: SlotID, _ cause: CancellationCause = .leaseLost) -> DispatcherAction {
        .worker(.cancel(slot, cause))
    }

    static func extended(_ slot: SlotID, deadline: MonotonicInstant) -> DispatcherAction {
        .worker(.extended(slot, deadline: deadline))
    }

    static func overrun(_ slot: SlotID, _ lease: Lease) -> DispatcherAction { .worker(.overrun(slot, lease)) }

    static func retired(
        _ slot: SlotID,
        _ retirement: LeaseStateMachine.Retirement,
        _ lease: Lease
    ) -> DispatcherAction {
        .worker(.retired(slot, retirement, lease))
    }

    static var announceShutdown: DispatcherAction { .worker(.announceShutdown) }
}
