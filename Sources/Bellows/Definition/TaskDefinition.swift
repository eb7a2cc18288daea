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
    /// Retries, results and partitions: all settings in one value; ``TaskOptions/init(retry:resultRetention:partitions:)``
    /// without arguments by default.
    static var options: TaskOptions { get }

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
    /// Five attempts; no result is kept unless its publisher asked for it; not divided.
    public static var options: TaskOptions { TaskOptions() }
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
