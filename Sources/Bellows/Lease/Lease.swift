/// The exclusive right to work on one task for a limited time, given by the store's clock.
public struct Lease: Hashable, Sendable {
    /// The definition.
    public let name: TaskName
    /// Whether it is a published task or the singleton of that name.
    public let kind: TaskKind
    /// The task.
    public let id: TaskID
    /// Proof of this very claim.
    public let token: LeaseToken
    /// How long the lease lasts from its grant, and from each renewal.
    public let duration: Duration

    /// Makes a lease; for backends.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - kind: published task or singleton.
    ///   - id: the task.
    ///   - token: proof of this very claim.
    ///   - duration: how long the lease lasts from its grant.
    public init(name: TaskName, kind: TaskKind, id: TaskID, token: LeaseToken, duration: Duration) {
        self.name = name
        self.kind = kind
        self.id = id
        self.token = token
        self.duration = duration
    }
}
