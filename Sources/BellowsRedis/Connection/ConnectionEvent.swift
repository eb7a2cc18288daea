import Bellows

/// What becomes of a connection. Called on the event loop.
enum ConnectionEvent: Sendable {
    /// Connected, and the first exchange is done.
    case ready
    /// A connection that was ready has ended; the next attempt follows.
    case lost(String)
    /// One attempt to connect has failed; the next one follows.
    case failed(BellowsError)
    /// Closed by us, for good.
    case closed
}
