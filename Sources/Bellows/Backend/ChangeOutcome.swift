/// What became of a change to one task that waits.
@nonexhaustive
public enum ChangeOutcome: Hashable, Sendable {
    /// It was done.
    case done
    /// The task is leased. Nothing was changed: what runs cannot be changed.
    case leased
    /// The stored record is another one than the caller has read. Nothing was changed: read it again.
    case changed
    /// No such task waits: it has ended, or never existed.
    case unknown
}
