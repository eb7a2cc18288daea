/// Reports and renewals of one turn, grouped into calls: one definition and kind each, within the verbs' limits.
struct ReportBatches {
    /// The most reports in one call.
    static let maximumReports = 100
    /// The most renewals in one call.
    static let maximumRenewals = 1000
    /// The most bytes of results in one call, unless one result alone is larger.
    static let maximumBytes = 1 << 20

    fileprivate struct Group: Hashable {
        let name: TaskName
        let kind: TaskKind
    }

    private var renewals: [Group: [(SlotID, Lease)]] = [:]
    private var finishes: [Group: [(SlotID, FinishRequest)]] = [:]
    private var failures: [Group: [(SlotID, FailRequest)]] = [:]
    private var releases: [Group: [(SlotID, Lease)]] = [:]

    mutating func renew(_ slot: SlotID, _ lease: Lease) {
        renewals[Group(lease), default: []].append((slot, lease))
    }

    mutating func add(_ slot: SlotID, _ report: AttemptReport) {
        let group = Group(report.lease)
        switch report {
        case .finish(let request): finishes[group, default: []].append((slot, request))
        case .fail(let request): failures[group, default: []].append((slot, request))
        case .release(let lease): releases[group, default: []].append((slot, lease))
        }
    }

    /// Takes out the calls, renewals first: a lease that is about to end is more urgent than anything else.
    mutating func takeActions() -> [DispatcherAction] {
        var actions: [DispatcherAction] = []
        for (group, items) in renewals {
            for part in Self.split(items, maximum: Self.maximumRenewals, size: { _ in 0 }) {
                actions.append(.renew(group.name, part.map(\.0), part.map(\.1)))
            }
        }
        for (group, items) in finishes {
            for part in Self.split(items, maximum: Self.maximumReports, size: { $0.result.count }) {
                actions.append(.finish(group.name, part.map(\.0), part.map(\.1)))
            }
        }
        for (group, items) in failures {
            for part in Self.split(items, maximum: Self.maximumReports, size: { $0.error.utf8.count }) {
                actions.append(.fail(group.name, part.map(\.0), part.map(\.1)))
            }
        }
        for (group, items) in releases {
            for part in Self.split(items, maximum: Self.maximumReports, size: { _ in 0 }) {
                actions.append(.release(group.name, part.map(\.0), part.map(\.1)))
            }
        }
        self = ReportBatches()
        return actions
    }

    private static func split<Item>(
        _ items: [(SlotID, Item)],
        maximum: Int,
        size: (Item) -> Int
    ) -> [[(SlotID, Item)]] {
        var parts: [[(SlotID, Item)]] = []
        var part: [(SlotID, Item)] = []
        var bytes = 0
        for item in items {
            let itemBytes = size(item.1)
            if !part.isEmpty, part.count >= maximum || bytes + itemBytes > maximumBytes {
                parts.append(part)
                part = []
                bytes = 0
            }
            part.append(item)
            bytes += itemBytes
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }
}

extension ReportBatches.Group {
    fileprivate init(_ lease: Lease) {
        self.init(name: lease.name, kind: lease.kind)
    }
}
