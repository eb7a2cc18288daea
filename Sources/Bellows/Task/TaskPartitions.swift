/// The parts of a definition that is too hot for one place in the store, such as one slot of a Redis Cluster.
///
/// Each part is a definition to the store, with an order and a deduplication of its own. Where a task belongs follows
/// from its id alone. The first part has the plain name, so tasks that were published before there were parts are
/// processed too.
public struct TaskPartitions: Hashable, Sendable {
    /// The definition.
    public let name: TaskName
    /// How many parts it has; 1 for a definition that is not divided.
    public let count: Int

    /// The most parts of a definition.
    public static let maximumCount = 256

    /// Divides a definition.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - count: how many parts it has, 1 to ``maximumCount``. All programs have to agree on it: a backend that
    ///     can keeps the number, and refuses another one.
    /// - Throws: ``BellowsError`` for another count, or a name that is a part itself or too long to have parts.
    public init(_ name: TaskName, count: Int) throws(BellowsError) {
        guard (1...Self.maximumCount).contains(count) else { throw .partitions(count) }
        self.name = name
        self.count = count
        guard count > 1 else { return }
        _ = try TaskName("\(name)\(TaskName.partitionMark)\(count - 1)")
    }

    /// A definition that is not divided, or one part of another one.
    init(undivided name: TaskName) {
        (self.name, count) = (name, 1)
    }

    /// Parts that somebody has checked already.
    package init(unchecked name: TaskName, count: Int) {
        (self.name, self.count) = (name, count)
    }

    /// The number that publishers and the store have to agree on; nil if the name is that of a part.
    package var agreedCount: Int? { name.isPart ? nil : count }

    /// The names of all parts, by which the raw verbs and the command line know them.
    public var names: [TaskName] { (0..<count).map(part) }

    /// The part that a task belongs to; a singleton belongs to the first.
    public func partition(for id: TaskID) -> TaskName {
        guard count > 1, id != .singleton else { return name }
        // FNV-1a, which is the same in every process and in every version.
        let hash = id.rawValue.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return part(Int(hash % UInt64(count)))
    }

    private func part(_ index: Int) -> TaskName {
        index == 0 ? name : TaskName(name, partition: index)
    }
}
