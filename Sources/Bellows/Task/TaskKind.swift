/// How tasks of a definition come into being. The two kinds never mix, not even under one name.
@nonexhaustive
public enum TaskKind: Hashable, Sendable {
    /// Each task is published.
    case published
    /// One task exists by itself, with at most one owner in the fleet.
    case singleton
}
