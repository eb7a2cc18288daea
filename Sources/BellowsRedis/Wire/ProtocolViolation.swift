/// The other side does not speak Redis' protocol, or says more than we take. The connection cannot be used any more.
struct ProtocolViolation: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
