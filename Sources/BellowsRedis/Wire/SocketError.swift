import Bellows

/// Why a socket cannot be used, in the system's words, or a server not be found.
struct SocketError: Error, Equatable {
    let message: String
    /// What callers get; `unavailable` for all that may pass by itself.
    let code: BellowsError.Code

    init(_ message: String, code: BellowsError.Code = .unavailable) {
        self.message = message
        self.code = code
    }

    /// Whether it may pass by itself.
    var isRetryable: Bool { BellowsError(code, message).isRetryable }
}
