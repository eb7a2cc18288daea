/// Passes bytes through untouched. Values must be `[UInt8]`, or `String` in UTF-8.
public struct RawPayloadCodec: PayloadCodec {
    /// What the raw codec cannot do.
    @nonexhaustive
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The type is neither `[UInt8]` nor `String`.
        case unsupportedType(String)
        /// The bytes are not UTF-8, and a `String` was asked for.
        case notUTF8

        /// What is wrong, in one line.
        public var description: String {
            switch self {
            case .unsupportedType(let type): "the raw codec takes [UInt8] and String, not \(type)"
            case .notUTF8: "the bytes are not UTF-8"
            }
        }
    }

    /// Makes the codec.
    public init() {}

    /// Returns the bytes of the value.
    public func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        if let bytes = value as? [UInt8] { return bytes }
        if let text = value as? String { return Array(text.utf8) }
        throw Failure.unsupportedType("\(Value.self)")
    }

    /// Returns the bytes as the value.
    public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        if let value = bytes as? Value { return value }
        guard type == String.self else { throw Failure.unsupportedType("\(Value.self)") }
        guard let value = String(validating: bytes, as: UTF8.self) as? Value else { throw Failure.notUTF8 }
        return value
    }
}
