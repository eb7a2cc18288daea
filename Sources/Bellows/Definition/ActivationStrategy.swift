/// How tasks of a definition start: ``PublishTrigger`` or ``SingletonTrigger``. No verb takes another one.
public protocol ActivationStrategy: SendableMetatype {
    /// What a worker is handed: the payload of a published task, `Void` for a singleton.
    associatedtype Input: Sendable
}

/// A trigger whose tasks are published. ``SingletonTrigger`` is none, so publishing a singleton does not compile.
public protocol PublishActivationStrategy: ActivationStrategy where Input: Codable {}

/// Tasks are published one by one, each with a payload.
public enum PublishTrigger<Payload: Codable & Sendable>: PublishActivationStrategy {
    /// A worker is handed the payload.
    public typealias Input = Payload
}

/// One task exists without being published, and has at most one owner in the whole fleet.
public enum SingletonTrigger: ActivationStrategy {
    /// A singleton has no payload.
    public typealias Input = Void
}
