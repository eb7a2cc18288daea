/// The exclusive right to work on one task for a limited time, given by the store's clock.
///
/// The value is handed around often on its way from the claim to the report, so a copy is one reference.
public struct Lease: Hashable, Sendable {
    private final class Storage: Sendable {
        let name: TaskName
        let kind: TaskKind
        let id: TaskID
        let token: LeaseToken
        let duration: Duration

        init(_ name: TaskName, _ kind: TaskKind, _ id: TaskID, _ token: LeaseToken, _ duration: Duration) {
            (self.name, self.kind, self.id, self.token, self.duration) = (name, kind, id, token, duration)
        }
    }

    private let storage: Storage

    /// The definition.
    public var name: TaskName { storage.name }
    /// Whether it is a published task or the singleton of that name.
    public var kind: TaskKind { storage.kind }
    /// The task.
    public var id: TaskID { storage.id }
    /// Proof of this very claim.
    public var token: LeaseToken { storage.token }
    /// How long the lease lasts from its grant, and from each renewal.
    public var duration: Duration { storage.duration }

    /// Makes a lease; for backends.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - kind: published task or singleton.
    ///   - id: the task.
    ///   - token: proof of this very claim.
    ///   - duration: how long the lease lasts from its grant.
    public init(name: TaskName, kind: TaskKind, id: TaskID, token: LeaseToken, duration: Duration) {
        storage = Storage(name, kind, id, token, duration)
    }

    /// Whether two leases agree in all their parts.
    public static func == (left: Lease, right: Lease) -> Bool {
        left.storage === right.storage
            || (left.token == right.token && left.id == right.id && left.name == right.name && left.kind == right.kind
                && left.duration == right.duration)
    }

    /// Feeds what tells leases apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(token)
        hasher.combine(id)
    }
}
