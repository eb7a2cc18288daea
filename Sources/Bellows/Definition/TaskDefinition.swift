/// One kind of task: a stable name, how it starts, what its result is, and how both are encoded.
///
/// ```swift
/// enum Thumbnail: TaskDefinition {
///     static let name = "images.thumbnail"
///     typealias Trigger = PublishTrigger<String>
///     typealias Callback = Int
/// }
/// ```
public protocol TaskDefinition: SendableMetatype {
    /// The result that an awaiting publisher gets; `Void` by default.
    associatedtype Callback: Sendable = Void
    /// How tasks of this definition start: ``PublishTrigger`` or ``SingletonTrigger``.
    associatedtype Trigger: ActivationStrategy
    /// What ``codec`` is: JSON by default.
    associatedtype Codec: PayloadCodec = JSONPayloadCodec

    /// The namespace in the store. It must stay the same for as long as tasks exist; see ``TaskName`` for what is
    /// allowed. Every verb checks it before anything is sent.
    static var name: String { get }
    /// How payloads and callbacks become bytes; JSON by default.
    static var codec: Codec { get }
    /// What happens after a failed attempt, unless the publisher says otherwise.
    static var retryPolicy: RetryPolicy { get }
    /// How long results are kept although no publisher asked for them; nil, the default, keeps none.
    static var resultRetention: Duration? { get }
    /// Into how many parts the definition is divided, if it is too hot for one slot of a cluster; 1 by default. All
    /// programs have to agree on it. Order and deduplication hold within a part; see ``TaskPartitions``.
    static var partitions: Int { get }

    /// Turns a callback into bytes. Supplied for `Codable` callbacks and for `Void`, which is zero bytes.
    ///
    /// - Throws: whatever the codec throws; the task then becomes a dead letter with that reason.
    static func encodeCallback(_ callback: Callback) throws -> [UInt8]
    /// Turns bytes into a callback.
    ///
    /// - Throws: whatever the codec throws; the awaiting caller gets it as ``TaskAwaitError/undecodable(_:)``.
    static func decodeCallback(_ bytes: [UInt8]) throws -> Callback
}

extension TaskDefinition where Codec == JSONPayloadCodec {
    /// JSON.
    public static var codec: JSONPayloadCodec { JSONPayloadCodec() }
}

extension TaskDefinition {
    /// Five attempts, full jitter from one second to five minutes.
    public static var retryPolicy: RetryPolicy { RetryPolicy() }
    /// No result is kept unless its publisher asked for it.
    public static var resultRetention: Duration? { nil }
    /// It is not divided.
    public static var partitions: Int { 1 }
}

extension TaskDefinition where Callback: Codable {
    /// Encodes with the definition's codec.
    public static func encodeCallback(_ callback: Callback) throws -> [UInt8] {
        try codec.encode(callback)
    }

    /// Decodes with the definition's codec.
    public static func decodeCallback(_ bytes: [UInt8]) throws -> Callback {
        try codec.decode(Callback.self, from: bytes)
    }
}

extension TaskDefinition where Callback == Void {
    /// A unit result is zero bytes.
    public static func encodeCallback(_ callback: Void) throws -> [UInt8] { [] }
    /// Any bytes are accepted as a unit result.
    public static func decodeCallback(_ bytes: [UInt8]) throws {}
}
