import DequeModule

/// Reports and renewals that wait to be sent, cut into calls: one definition and verb each, within the verbs' limits.
struct ReportBatches {
    private struct Release {
        let lease: Lease
        let delay: Duration
    }

    private struct Waiting {
        let name: TaskName
        var renewals: Deque<(SlotID, Lease)> = []
        var finishes: Deque<(SlotID, FinishRequest)> = []
        var failures: Deque<(SlotID, FailRequest)> = []
        var releases: Deque<(SlotID, Release)> = []
    }

    private var waiting: [Waiting]

    /// Makes empty batches for definitions, which are known by their places.
    init(_ names: [TaskName]) {
        waiting = names.map { Waiting(name: $0) }
    }

    /// How many reports of a definition wait.
    func reportCount(definition index: Int) -> Int {
        waiting[index].finishes.count + waiting[index].failures.count + waiting[index].releases.count
    }

    mutating func renew(_ slot: SlotID, _ lease: Lease, definition: Int) {
        waiting[definition].renewals.append((slot, lease))
    }

    mutating func add(_ slot: SlotID, _ report: AttemptReport, definition: Int) {
        switch report {
        case .finish(let request): waiting[definition].finishes.append((slot, request))
        case .fail(let request): waiting[definition].failures.append((slot, request))
        case .release(let lease, let delay):
            waiting[definition].releases.append((slot, Release(lease: lease, delay: delay)))
        }
    }

    /// Takes out the next call with renewals.
    mutating func nextRenewal(definition index: Int) -> StoreCall? {
        guard let (slots, leases) = Self.cut(&waiting[index].renewals, VerbLimits.renewedLeases, { _ in 0 }) else {
            return nil
        }
        return .renew(waiting[index].name, slots, leases)
    }

    /// Takes out the next call with reports.
    mutating func nextReport(definition index: Int) -> StoreCall? {
        let name = waiting[index].name
        if let (slots, requests) = Self.cut(&waiting[index].finishes, VerbLimits.reports, { $0.result.count }) {
            return .finish(name, slots, requests)
        }
        if let (slots, requests) = Self.cut(&waiting[index].failures, VerbLimits.reports, { $0.error.utf8.count }) {
            return .fail(name, slots, requests)
        }
        // One call gives back for one time.
        guard let delay = waiting[index].releases.first?.1.delay,
            let (slots, releases) = Self.cut(
                &waiting[index].releases,
                VerbLimits.reports,
                while: { $0.delay == delay },
                { _ in 0 }
            )
        else { return nil }
        return .release(name, slots, releases.map(\.lease), after: delay)
    }

    private static func cut<Item>(
        _ items: inout Deque<(SlotID, Item)>,
        _ maximum: Int,
        while fits: (Item) -> Bool = { _ in true },
        _ size: (Item) -> Int
    ) -> ([SlotID], [Item])? {
        guard !items.isEmpty else { return nil }
        var slots: [SlotID] = []
        var part: [Item] = []
        var bytes = 0
        while let (slot, item) = items.first, part.count < maximum {
            bytes += size(item)
            guard part.isEmpty || (bytes <= VerbLimits.callBytes && fits(item)) else { break }
            slots.append(slot)
            part.append(item)
            items.removeFirst()
        }
        return (slots, part)
    }
}
