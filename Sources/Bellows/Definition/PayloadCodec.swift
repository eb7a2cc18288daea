/// Turns payloads and callbacks into bytes and back.
///
/// The bytes are stored as they are, so text published from a shell is read by a typed worker.
public protocol PayloadCodec: Sendable {
    /// Encodes a value.
    ///
    /// - Throws: any error; the publish fails with the code ``BellowsError/Code/invalidInput`` before anything is sent.
    func encode<Value: Encodable>(_ value: Value) throws -> [UInt8]
    /// Decodes a value. Called with bytes from outside, so it must throw and never trap.
    ///
    /// - Throws: any error; the task goes to the dead letters with it as the reason.
    func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}
