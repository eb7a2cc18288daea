/// One request as far as the server's answers depend on it.
struct HTTPRequest: Equatable, Sendable {
    /// Such as `GET`, in the spelling of the peer.
    let method: String
    /// The target without its query, not decoded.
    let path: String
    /// What follows the first `?`, not decoded; nil without one.
    let query: String?
    /// Whether the peer wants to send more requests on this connection.
    let keepsAlive: Bool
    /// The body; the server has bounded it.
    var body: [UInt8] = []

    /// Reads a target.
    init(method: String, target: String, keepsAlive: Bool) {
        self.method = method
        self.keepsAlive = keepsAlive
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        query = parts.count == 2 ? String(parts[1]) : nil
    }

    /// Whether the peer wants no body in the answer.
    var isHead: Bool { method == "HEAD" }
}
