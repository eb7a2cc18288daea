/// Signals that nobody has read yet, each kind at most once, so that the buffer is bounded by what was subscribed. Of
/// cancellations it keeps a number: what is left out shows with the next renewal.
struct SignalBuffer {
    private var mustCheckEverything = false
    private var order: [Key] = []
    private var delays: [TaskName: Duration] = [:]
    /// The latest announcement of each result.
    private var announcements: [Key: ResultAnnouncement] = [:]
    private var pending: Set<Key> = []
    private var cancellations = 0

    /// How many cancellations it keeps.
    static let maximumCancellations = 1000

    private enum Key: Hashable {
        case available(TaskName)
        case availableHere(TaskName)
        case due(TaskName)
        case result(TaskID, TaskName)
        case cancellation(CancellationNotice)
    }

    /// Whether nothing waits.
    var isEmpty: Bool { !mustCheckEverything && order.isEmpty }

    /// Adds a signal to what is waiting.
    mutating func add(_ signal: BackendSignal) {
        switch signal {
        case .checkEverything: mustCheckEverything = true
        case .available(let name): append(.available(name))
        case .availableHere(let name): append(.availableHere(name))
        case .resultReady(let announcement):
            let key = Key.result(announcement.id, announcement.name)
            announcements[key] = announcement
            append(key)
        case .cancellation(let notice):
            let key = Key.cancellation(notice)
            guard cancellations < Self.maximumCancellations, !pending.contains(key) else { return }
            cancellations += 1
            append(key)
        case .due(let name, let delay):
            delays[name] = min(delay, delays[name] ?? delay)
            append(.due(name))
        }
    }

    /// Takes the next signal; a checkEverything goes first, because it covers what came before it.
    mutating func take() -> BackendSignal? {
        if mustCheckEverything {
            mustCheckEverything = false
            return .checkEverything
        }
        guard !order.isEmpty else { return nil }
        let key = order.removeFirst()
        pending.remove(key)
        switch key {
        case .available(let name): return .available(name)
        case .availableHere(let name): return .availableHere(name)
        case .result(let id, let name):
            return .resultReady(announcements.removeValue(forKey: key) ?? ResultAnnouncement(id: id, of: name))
        case .cancellation(let notice):
            cancellations -= 1
            return .cancellation(notice)
        case .due(let name): return .due(name, in: delays.removeValue(forKey: name) ?? .zero)
        }
    }

    private mutating func append(_ key: Key) {
        if pending.insert(key).inserted { order.append(key) }
    }
}
