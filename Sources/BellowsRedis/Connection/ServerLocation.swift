/// Where a server was found.
struct ServerLocation: Sendable, Equatable {
    /// The ways to it, of which one will do.
    let endpoints: [SocketEndpoint]
    /// What it is called there: a host name or a numeric address, as it should stand in its certificate. Nil for a
    /// server that has none.
    let host: String?
}
