/// What a peer may cost the server: every wait, every buffer and the number of connections have a bound.
struct HTTPLimits: Sendable {
    /// The most bytes of a head: its request line and its fields.
    var head = 8 << 10
    /// The most fields of a head.
    var fields = 100
    /// The most bytes of a body.
    var body = 16 << 10
    /// How long a request may take to arrive, from the connection or the answer before it.
    var arrival = Duration.seconds(5)
    /// How long the answer may take to be made.
    var answer = Duration.seconds(10)
    /// How long a peer may take to receive an answer.
    var departure = Duration.seconds(5)
    /// How long a connection that we have ended is read on, so that the peer gets to see why.
    var farewell = Duration.seconds(1)
    /// The most connections at a time. Those above wait in the system's own queue, which is bounded too.
    var connections = 64
}
