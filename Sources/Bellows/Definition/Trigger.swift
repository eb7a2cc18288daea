/// How tasks of a definition start. Closed: ``PublishTrigger`` and ``SingletonTrigger`` are the only two.
public protocol ActivationStrategy: SendableMetatype {
    /// What a worker is handed: the payload of a published task, `Void` for a singleton.
    associatedtype Input: Sendable
    /// Keeps the protocol closed; only this package can make the value.
    static var seal: ActivationSeal { get }
}

/// A trigger whose tasks are published. A singleton has none of this, so publishing one does not compile.
public protocol PublishActivationStrategy: ActivationStrategy where Input: Codable {}

/// Proof that an ``ActivationStrategy`` comes from this package.
public struct ActivationSeal: Sendable {
    let kind: TaskKind

    package init(kind: TaskKind) {
        self.kind = kind
    }
}

/// Tasks are published one by one, each with a payload.
public enum PublishTrigger<Payload: Codable & Sendable>: PublishActivationStrategy {
    /// A worker is handed the payload.
    public typealias Input = Payload
    /// Marks the trigger as one of this package's.
    public static var seal: ActivationSeal { ActivationSeal(kind: .published) }
}

/// One task exists without being published, and has at most one owner in the whole fleet.
public enum SingletonTrigger: ActivationStrategy {
    /// A singleton has no payload.
    public typealias Input = Void
    /// Marks the trigger as one of this package's.
    public static var seal: ActivationSeal { ActivationSeal(kind: .singleton) }
}
