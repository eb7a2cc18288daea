/// Values that are forgotten at a given instant: the counterpart of keys with a time to live.
struct ExpiringMap<Value: Sendable>: Sendable {
    private var values: [TaskID: Value] = [:]
    private var ends = KeyedQueue<ContinuousClock.Instant>()

    /// The value of an id; nil if there is none. ``removeExpired(at:)`` comes first.
    subscript(id: TaskID) -> Value? { values[id] }

    /// Keeps a value until an instant; replaces an older one.
    mutating func set(_ id: TaskID, to value: Value, until end: ContinuousClock.Instant) {
        values[id] = value
        ends.set(id, to: end)
    }

    /// Forgets a value.
    mutating func remove(_ id: TaskID) {
        values.removeValue(forKey: id)
        ends.remove(id)
    }

    /// Forgets everything whose time is over.
    mutating func removeExpired(at now: ContinuousClock.Instant) {
        while let (id, end) = ends.first(), end <= now { remove(id) }
    }
}
