import Bellows

/// What is asked of WAIT. The larger one is the stricter.
struct ReplicationWait: Hashable, Sendable, Comparable {
    let replicas: Int
    let milliseconds: Int64

    /// Nil if no replica is asked for.
    init?(_ durability: PublishDurability) {
        guard case .replicated(let count, let time) = durability else { return nil }
        replicas = count
        milliseconds = time.millisecondsRoundedUp
    }

    /// Publishes with the same mode go out together. Both numbers were checked before, and fit into 32 bits.
    var mode: Int64 { Int64(replicas) << 32 | milliseconds }
    var time: Duration { .milliseconds(milliseconds) }
    var command: RedisCommand { RedisCommand("WAIT", String(replicas), String(milliseconds)) }

    /// What a number of replicas means.
    func durability(_ count: Int) -> PublishedTask.Durability {
        count >= replicas ? .replicated(to: count) : .notReplicated(to: count)
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.replicas, left.milliseconds) < (right.replicas, right.milliseconds)
    }
}
