import HeapModule

/// Ids in the order of a key, each at most once: the counterpart of a sorted set, or of a list, in the store.
///
/// Removal only forgets the id; its heap entry is a stale hint that is dropped when it comes up.
struct KeyedQueue<Key: Comparable & Sendable>: Sendable {
    private struct Entry: Comparable, Sendable {
        let key: Key
        let id: TaskID

        static func < (left: Entry, right: Entry) -> Bool {
            left.key == right.key ? left.id < right.id : left.key < right.key
        }
    }

    private var heap = Heap<Entry>()
    private var keys: [TaskID: Key] = [:]

    /// How many ids are queued.
    var count: Int { keys.count }

    /// The key of an id; nil if it is not queued.
    subscript(id: TaskID) -> Key? { keys[id] }

    /// Queues an id, or moves it.
    mutating func set(_ id: TaskID, to key: Key) {
        keys[id] = key
        heap.insert(Entry(key: key, id: id))
        // Stale entries must not outnumber the sound ones for long, or a host that only moves ids grows for ever.
        if heap.count > 64, heap.count > keys.count * 2 {
            heap = Heap(keys.map { Entry(key: $0.value, id: $0.key) })
        }
    }

    /// Takes an id out.
    ///
    /// - Returns: its key, or nil if it was not queued.
    @discardableResult
    mutating func remove(_ id: TaskID) -> Key? {
        keys.removeValue(forKey: id)
    }

    /// The first id and its key, without taking it out.
    mutating func first() -> (id: TaskID, key: Key)? {
        while let entry = heap.min {
            if keys[entry.id] == entry.key { return (entry.id, entry.key) }
            heap.removeMin()
        }
        return nil
    }

    /// All ids with their keys, in order.
    func ascending() -> [(key: Key, id: TaskID)] {
        keys.map { Entry(key: $0.value, id: $0.key) }.sorted().map { ($0.key, $0.id) }
    }
}
