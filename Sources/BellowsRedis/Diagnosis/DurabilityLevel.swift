/// What an acknowledged task survives, by what the server writes to its disk. Higher is safer.
@nonexhaustive
public enum DurabilityLevel: Int, Sendable, Comparable, CaseIterable, CustomStringConvertible {
    /// Nothing is written.
    case volatile = 0
    /// Snapshots now and then.
    case snapshots = 1
    /// Every change is appended to a file, which is forced to the disk about once a second.
    case appendOnly = 2
    /// Every change is forced to the disk before it is acknowledged.
    case appendOnlyAlways = 3

    /// One line for people.
    public var description: String {
        switch self {
        case .volatile: "no persistence: everything is lost when redis-server ends"
        case .snapshots: "snapshots only: a crash loses everything since the last one"
        case .appendOnly:
            "append-only file: survives the death of redis-server while its disk keeps up; "
                + "a power cut may lose about a second"
        case .appendOnlyAlways: "append-only file, always synced: survives a power cut"
        }
    }

    /// Compares by safety.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
