/// Why a socket cannot be used, in the system's words.
struct SocketError: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
