/// What a dispatcher decides: whom to claim for, what to renew, when to stop. Events in, actions out; no clock, no
/// backend, no tasks.
struct DispatcherStateMachine {
    /// How long a cancelled worker may take to end before its task is given away under it.
    static let cancellationGrace = Duration.milliseconds(500)
    /// How long the last reports may take after that.
    static let reportGrace = Duration.milliseconds(500)

    private let configuration: DispatcherConfiguration
    private(set) var definitions: [Definition]
    private let indices: [TaskName: Int]
    private var slots: [SlotID: Slot] = [:]
    private(set) var phase = Phase.running
    private var nextDefinition = 0
    private var nextUrgent = 0
    /// Whether the next claim is for a definition of which it is known that something is due, if there is one.
    private var servesUrgent = true
    private var lastSlot: UInt64 = 0
    /// How many workers keep running although they were cancelled because of their leases.
    private(set) var overrunning = 0
    /// How many reports that a task is dead were taken by the store.
    private(set) var buried = 0
    /// Whether the pool that runs handlers gives no sign of life: leases then end by themselves, and nothing is
    /// claimed.
    private(set) var isPoolSilent = false
    /// The time of the present turn.
    private var turnStart = MonotonicInstant(.now)
    private var armedAt: MonotonicInstant?
    /// The earliest instant that something which changed in this turn waits for.
    private var earliestChange: MonotonicInstant?
    private var batches: ReportBatches
    private(set) var giveBacks = GiveBackSchedule()
    private var actions: [DispatcherAction] = []

    /// Makes a machine that waits for its first signal.
    init(definitions: [Definition], configuration: DispatcherConfiguration) {
        self.definitions = definitions
        self.configuration = configuration
        indices = Dictionary(uniqueKeysWithValues: definitions.enumerated().map { ($1.name, $0) })
        batches = ReportBatches(definitions.map(\.name))
    }

    /// Whether any task is held.
    var holdsLeases: Bool { !slots.isEmpty }

    /// How many workers have to end until something can be done about it; an answer that is awaited may come first.
    var endsBeforeWakeUp: Int {
        guard phase == .running else { return 1 }
        var least = Int.max
        for (index, definition) in definitions.enumerated() where definition.running > 0 {
            guard let needed = definition.reporting.tasksNeeded else { continue }
            least = min(least, max(1, needed - batches.reportCount(definition: index)))
        }
        return least
    }

    /// Handles the events of one turn, and says what to do.
    ///
    /// - Parameters:
    ///   - events: what happened, in order.
    ///   - now: the time of this turn.
    ///   - jitter: a random number from 0 to 1.
    mutating func handle(
        _ events: [DispatcherEvent],
        now: MonotonicInstant,
        jitter: @autoclosure () -> Double
    ) -> [DispatcherAction] {
        guard phase != .ended else { return [] }
        turnStart = now
        for event in events { handle(event, now, jitter) }
        advance(now)
        sendReports()
        claimForFreeSlots(now)
        forwardWakeUps()
        if phase != .running, slots.isEmpty, !definitions.contains(where: \.schedule.isClaiming) {
            phase = .ended
            actions.append(.end)
        } else {
            armTimer()
        }
        defer { actions = [] }
        return actions
    }

    private mutating func handle(_ event: DispatcherEvent, _ now: MonotonicInstant, _ jitter: () -> Double) {
        switch event {
        case .signal(let signal): handle(signal, now)
        case .signalsWaiting: break
        case .claimReturned(let index, let requested, let sent, let outcome, let pause):
            definitions[index].reserved = max(0, definitions[index].reserved - requested)
            claimReturned(index, sent, outcome, pause, now, jitter)
        case .workerEnded(let id, let report):
            if let slot = slots[id] { definitions[slot.definition].workerEnded(report, at: now) }
            update(id) { $0.workerEnded(report, at: now) }
        case .renewalsReturned(let ids, let sent, let outcomes):
            for (position, id) in ids.enumerated() {
                renewalReturned(id, sent, outcomes.map { position < $0.count ? $0[position] : .leaseLost }, now)
            }
        case .reportsReturned(let ids, let answer):
            // Slots with a report under way stay until it is answered.
            if let id = ids.first, let slot = slots[id] {
                definitions[slot.definition].reporting.ended(ids.count)
            }
            switch answer {
            case .outcomes(let outcomes):
                for (position, id) in ids.enumerated() {
                    update(id) { $0.reportAnswered(position < outcomes.count ? outcomes[position] : .leaseLost) }
                }
            case .failed(let pause, let mayBeDone):
                for id in ids { update(id) { $0.reportFailed(now, pause: pause, mayBeDone: mayBeDone) } }
            }
        case .poolChanged(let change):
            isPoolSilent = change == .fellSilent
        case .timer:
            armedAt = nil
            for id in slots.keys.sorted() { update(id) { $0.timePassed(now) } }
            for index in definitions.indices { definitions[index].schedule.timePassed(now) }
        case .drain:
            guard phase == .running else { return }
            phase = .draining(until: now + configuration.shutdownGrace)
            actions.append(.worker(.announceShutdown))
        case .stop:
            beginStopping(now)
        }
    }

    private mutating func handle(_ signal: BackendSignal, _ now: MonotonicInstant) {
        switch signal {
        case .available(let name):
            if let index = indices[name] { definitions[index].schedule.wantSigned() }
        case .availableHere(let name):
            if let index = indices[name] { definitions[index].schedule.wantSigned(isChosen: true) }
        case .due(let name, let delay):
            if let index = indices[name] { definitions[index].schedule.want(at: now + delay) }
        case .checkEverything:
            // Renewals go out before claims, so that we do not take over what a reconnecting neighbour still holds.
            for id in slots.keys.sorted() { update(id) { $0.reconnected(now) } }
            for index in definitions.indices { definitions[index].schedule.want() }
        case .cancellation(let notice):
            let slot = slots.first { $0.value.lease.token == notice.token && $0.value.lease.id == notice.id }
            if let id = slot?.key { update(id) { $0.cancellationRequested(reason: notice.reason, at: now) } }
        case .resultReady: break
        }
    }

    private mutating func claimReturned(
        _ index: Int,
        _ sent: MonotonicInstant,
        _ outcome: ClaimOutcome?,
        _ pause: Duration,
        _ now: MonotonicInstant,
        _ jitter: () -> Double
    ) {
        switch outcome {
        case .claimed(let tasks, let next):
            definitions[index].schedule.claimAnswered(next, now)
            for task in tasks { start(task, index, sent, now) }
        case .unavailable(let next): definitions[index].schedule.claimAnswered(next, now)
        case .leased(let remaining): definitions[index].schedule.claimAnswered(.after(remaining), now)
        case .notFound: definitions[index].schedule.claimAnswered(.onSignal, now)
        case nil: definitions[index].schedule.claimFailed(now, pause: pause, jitter: jitter())
        }
    }

    private mutating func start(
        _ task: ClaimedTask,
        _ index: Int,
        _ sent: MonotonicInstant,
        _ now: MonotonicInstant
    ) {
        lastSlot += 1
        let id = SlotID(number: lastSlot)
        let lease = LeaseStateMachine(duration: task.lease.duration, claimSentAt: sent)
        slots[id] = Slot(definition: index, lease: task.lease, life: lease)
        consider(lease.nextInstant)
        if phase != .running || now >= lease.deadline {
            // Claimed while we were already stopping, or answered so late that the lease may be over: it is given back,
            // because a worker would be cancelled as soon as it began.
            update(id) { $0.workerEnded(.release(task.lease), at: now) }
        } else if let refusal = definitions[index].resolver.refusal(of: task) {
            refuse(task, refusal, id, now)
        } else {
            definitions[index].running += 1
            actions.append(.start(id, task, definition: index, deadline: lease.deadline))
        }
    }

    /// Reports a task that no worker gets. It takes no slot from the others.
    private mutating func refuse(
        _ task: ClaimedTask,
        _ refusal: AttemptResolver.Refusal,
        _ id: SlotID,
        _ now: MonotonicInstant
    ) {
        switch refusal {
        case .dead(let request): update(id) { $0.workerEnded(.fail(request), at: now) }
        case .newer(let reason):
            let delay = giveBacks.delay(for: task.lease, at: now)
            update(id) { $0.workerEnded(.release(task.lease, after: delay), at: now) }
            guard let count = giveBacks.warning(at: now) else { return }
            actions.append(.warnOfNewer(task.lease, reason: reason, count: count))
        }
    }

    private mutating func renewalReturned(
        _ id: SlotID,
        _ sent: MonotonicInstant,
        _ outcome: LeaseOutcome?,
        _ now: MonotonicInstant
    ) {
        switch outcome {
        case .done, .cancellationRequested:
            update(id) { $0.renewed(sentAt: sent) }
            if let slot = slots[id] { actions.append(.worker(.extended(id, deadline: slot.life.deadline))) }
            if case .cancellationRequested(let reason) = outcome {
                update(id) { $0.cancellationRequested(reason: reason, at: now) }
            }
        case .leaseLost: update(id) { $0.renewalRefused(now) }
        case nil: update(id) { $0.renewalFailed(now) }
        }
    }

    /// Moves from one level of stopping to the next when its time is up.
    private mutating func advance(_ now: MonotonicInstant) {
        if case .draining(let limit) = phase, now >= limit { beginStopping(now) }
        if case .stopping(let limit) = phase, now >= limit {
            phase = .abandoning(until: now + Self.reportGrace)
            for (id, slot) in slots.sorted(by: { $0.key < $1.key }) {
                update(id) { $0.abandon(slot.lease, at: now) }
            }
        }
        if case .abandoning(let limit) = phase, now >= limit {
            for (id, slot) in slots { actions.append(.worker(.retired(id, .unreported, slot.lease))) }
            slots = [:]
            overrunning = 0
            for index in definitions.indices { definitions[index].schedule = ClaimSchedule() }
        }
    }

    private mutating func beginStopping(_ now: MonotonicInstant) {
        switch phase {
        case .running, .draining: break
        case .stopping, .abandoning, .ended: return
        }
        phase = .stopping(until: now + Self.cancellationGrace)
        actions.append(.worker(.announceShutdown))
        for id in slots.keys.sorted() { update(id) { $0.stop() } }
    }

    /// Sends what has gathered: all renewals, because a lease that is about to end is more urgent than anything else,
    /// and as many calls with reports as may be under way.
    private mutating func sendReports() {
        for index in definitions.indices {
            while let call = batches.nextRenewal(definition: index) { actions.append(.store(call)) }
            definitions[index].isReporting = false
            while true {
                let waiting = batches.reportCount(definition: index)
                guard definitions[index].reporting.mayBegin(waiting: waiting),
                    let call = batches.nextReport(definition: index)
                else { break }
                definitions[index].reporting.began(waiting - batches.reportCount(definition: index))
                definitions[index].isReporting = true
                actions.append(.store(call))
            }
        }
    }

    /// Slots that have no worker, and that no claim under way may fill.
    var freeSlots: Int {
        definitions.reduce(configuration.maximumConcurrentTasks) { $0 - $1.running - $1.reserved }
    }

    private func wantsClaim(_ definition: Definition) -> Bool {
        definition.schedule.wantsClaim || (definition.isReporting && definition.schedule.mayClaimMore)
    }

    /// Hands free slots to the definitions that want to claim, in turn, so that none starves another.
    ///
    /// A slot is free as soon as its worker has ended: its report and the claim for the next task go out together.
    private mutating func claimForFreeSlots(_ now: MonotonicInstant) {
        guard phase == .running, !isPoolSilent, definitions.contains(where: wantsClaim) else { return }
        var free = freeSlots
        // Reports that cannot be delivered must not pile up without end.
        free = min(free, 2 * configuration.maximumConcurrentTasks - slots.count)
        guard free > 0 else { return }
        var waiting = claimOrder()
        while free > 0, let index = waiting.popFirst() {
            let share = max(1, free / (waiting.count + 1))
            let isUrgent = definitions[index].schedule.isUrgent
            servesUrgent = !isUrgent
            let wanted = definitions[index].kind == .singleton ? 1 : min(share, VerbLimits.claimedTasks)
            definitions[index].schedule.claimSent(now)
            definitions[index].reserved += wanted
            free -= wanted
            actions.append(.store(.claim(definition: index, count: wanted)))
            // Each kind has a turn of its own: what is urgent again and again must not bring back the same neighbour.
            if isUrgent { nextUrgent = index + 1 } else { nextDefinition = index + 1 }
        }
    }

    /// Who wants to claim, in turn. After a gap a worker of many definitions looks at each of them, which takes a while
    /// if the store is busy; those of which it is known that something is due take every other place meanwhile.
    private func claimOrder() -> ArraySlice<Int> {
        let urgent = inTurn(from: nextUrgent) { $0.schedule.isUrgent }
        let others = inTurn(from: nextDefinition) { wantsClaim($0) && !$0.schedule.isUrgent }
        guard !urgent.isEmpty, !others.isEmpty else { return (urgent + others)[...] }
        let (first, second) = servesUrgent ? (urgent, others) : (others, urgent)
        var order: [Int] = []
        for place in 0..<max(first.count, second.count) {
            if place < first.count { order.append(first[place]) }
            if place < second.count { order.append(second[place]) }
        }
        return order[...]
    }

    private func inTurn(from first: Int, _ isWanted: (Definition) -> Bool) -> [Int] {
        let count = definitions.count
        return (0..<count).map { (first + $0) % count }.filter { isWanted(definitions[$0]) }
    }

    /// Passes on the wake-ups that only we got, and cannot serve: no slot is free, or we are stopping.
    private mutating func forwardWakeUps() {
        for index in definitions.indices where definitions[index].schedule.mustPassOn {
            definitions[index].schedule.passedOn()
            if definitions[index].kind == .published { actions.append(.store(.forwardWakeUp(definitions[index].name))) }
        }
    }

    /// Applies an event to one lease and collects what follows. A slot that is gone already lost a race; that is fine.
    private mutating func update(_ id: SlotID, _ event: (inout LeaseStateMachine) -> LeaseStateMachine.Action?) {
        guard let index = slots.index(forKey: id) else { return }
        // In place, because a copy would be made of every report.
        let wasOverrun = slots.values[index].life.isOverrun
        let action = event(&slots.values[index].life)
        if wasOverrun, !slots.values[index].life.isOverrun { overrunning -= 1 }
        switch action {
        case .renew where isPoolSilent:
            // As if the store were away: tried again soon, and the handler is cancelled when the lease ends.
            _ = slots.values[index].life.renewalFailed(turnStart)
        case .renew:
            batches.renew(id, slots.values[index].lease, definition: slots.values[index].definition)
        case .cancelWorker(let cause): actions.append(.worker(.cancel(id, cause)))
        case .reportOverrun:
            overrunning += 1
            actions.append(.worker(.overrun(id, slots.values[index].lease)))
        case .report(let report): batches.add(id, report, definition: slots.values[index].definition)
        case .retire(let retirement):
            let slot = slots.remove(at: index).value
            // An abandoned worker may still run.
            if slot.life.isOverrun { overrunning -= 1 }
            if retirement == .reported, slot.life.isBurial { buried += 1 }
            actions.append(.worker(.retired(id, retirement, slot.lease)))
            return
        case nil: break
        }
        consider(slots.values[index].life.nextInstant)
    }

    private mutating func consider(_ instant: MonotonicInstant?) {
        guard let instant else { return }
        if let earliest = earliestChange, earliest <= instant { return }
        earliestChange = instant
    }

    /// Arms the timer if something is due before it fires. A timer that fires too early only makes us look again.
    private mutating func armTimer() {
        // While the timer is armed, only what has changed since can be due before it fires.
        if armedAt == nil { for slot in slots.values { consider(slot.life.nextInstant) } }
        switch phase {
        case .running: for definition in definitions { consider(definition.schedule.dueAt) }
        case .draining(let limit):
            consider(limit)
            // What becomes due is passed on.
            for definition in definitions { consider(definition.schedule.dueAt) }
        case .stopping(let limit), .abandoning(let limit): consider(limit)
        case .ended: break
        }
        defer { earliestChange = nil }
        guard let next = earliestChange, armedAt.map({ next < $0 }) ?? true else { return }
        armedAt = next
        actions.append(.setTimer(next))
    }
}
