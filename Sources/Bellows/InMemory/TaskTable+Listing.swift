#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TaskTable {
    /// Lists the tasks of one state. A mark is the key of a task in its queue; times are nanoseconds since `origin`.
    func page(
        _ list: PageCursor.List,
        after cursor: PageCursor?,
        limit: Int,
        origin: Instant,
        date: (Instant) -> Date
    ) -> TaskPage {
        func mark(_ instant: Instant) -> Int64 {
            let (seconds, attoseconds) = (instant - origin).components
            return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
        }
        let all: [(mark: Int64, id: TaskID)] =
            switch list {
            case .ready: ready.ascending().map { (Int64(clamping: $0.key), $0.id) }
            case .delayed: delayed.ascending().map { (mark($0.key), $0.id) }
            case .leased: leases.ascending().map { (mark($0.key), $0.id) }
            case .dead: deaths.ascending().reversed().map { (mark($0.key), $0.id) }
            case .records, .deadRecords: []
            }
        var rest = all[...]
        if let cursor, let last = Int64(cursor.mark), let lastID = cursor.id {
            let isListed: ((mark: Int64, id: TaskID)) -> Bool =
                list == .dead ? { ($0.mark, $0.id) >= (last, lastID) } : { ($0.mark, $0.id) <= (last, lastID) }
            rest = all.drop(while: isListed)
        }
        let page = rest.prefix(limit)
        var next: PageCursor?
        if let last = page.last, rest.count > page.count {
            next = PageCursor(list, of: name, mark: String(last.mark), id: last.id)
        }
        return TaskPage(tasks: page.compactMap { summary(of: $0.id, date: date) }, next: next)
    }

    /// Looks through all records that wait or run, or through all dead letters, in one step each.
    func search(_ bytes: [UInt8], after cursor: PageCursor?, date: (Instant) -> Date) -> SearchPage {
        let isDead = cursor?.list == .deadRecords
        let records = isDead ? dead.mapValues(\.record) : entries.mapValues(\.record)
        let found = records.filter { RecordCoder.encode($0.value).contains(bytes) }.keys.sorted()
        return SearchPage(
            tasks: found.compactMap { summary(of: $0, date: date) },
            next: isDead ? nil : PageCursor(.deadRecords, of: name, mark: "0"),
            lookedAt: records.count,
            total: records.count
        )
    }

    /// A task of a list.
    private func summary(of id: TaskID, date: (Instant) -> Date) -> TaskSummary? {
        // Nobody looks at more of an error in a list.
        func beginning(_ text: String?) -> String? { text.map { String($0.prefix(256)) } }
        if let letter = dead[id], let death = deaths[id] {
            return TaskSummary(
                id: id,
                state: .dead,
                attempt: letter.attempt,
                died: date(death),
                lastError: beginning(letter.reason),
                recordSize: RecordCoder.encode(letter.record).count
            )
        }
        guard let entry = entries[id] else { return nil }
        var task = TaskSummary(
            id: id,
            state: .ready,
            attempt: entry.attempt,
            lastError: beginning(entry.error),
            recordSize: RecordCoder.encode(entry.record).count
        )
        if let end = leases[id] {
            (task.state, task.leaseEnd, task.holder) = (.leased, date(end), entry.token.flatMap(Self.holder))
        } else if let due = delayed[id] {
            (task.state, task.due) = (.delayed, date(due))
        }
        return task
    }

    /// The process in a token, `ATTEMPT:PROCESS-NUMBER`.
    static func holder(of token: LeaseToken) -> ProcessID? {
        token.rawValue.split(separator: ":").last?.split(separator: "-").first.map { ProcessID(String($0)) }
    }
}
