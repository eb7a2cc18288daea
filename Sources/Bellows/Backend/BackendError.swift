/// Something in the store or on the way to it failed. Expected outcomes, such as a lost lease, are values instead.
public struct BackendError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Hashable, Sendable {
        /// The store could not be reached, or is not ready, within the time allowed. Nothing was changed.
        case unavailable
        /// The request was sent and no answer came: it may or may not have been carried out.
        case outcomeUnknown
        /// The store refuses our credentials, or lacks a permission for them.
        case accessDenied
        /// The store takes no more data for now: out of memory or disk.
        case storeFull
        /// The server is a replica, not the primary.
        case notPrimary
        /// The server, or a setting of it, is not one that durable tasks can be kept in.
        case unsupportedServer
        /// The data under our prefix was written by another layout version.
        case layoutMismatch
        /// Something under our keys is not ours, or a reply makes no sense.
        case invalidData
        /// The address or another setting is malformed.
        case invalidConfiguration
        /// The backend was closed.
        case closed
    }

    /// What kind of failure it is.
    public let code: Code
    /// One actionable line, without secrets.
    public let message: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: what kind of failure it is.
    ///   - message: one actionable line, without secrets.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .outcomeUnknown, .storeFull, .notPrimary: true
        case .accessDenied, .unsupportedServer, .layoutMismatch, .invalidData, .invalidConfiguration, .closed: false
        }
    }

    /// The message.
    public var description: String { message }
}
