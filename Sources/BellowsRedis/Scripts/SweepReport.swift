import Bellows

/// What a sweep found.
struct SweepReport: Sendable {
    /// The store had lost our marker, and most likely everything else.
    let hasLostData: Bool
    /// For each definition the time until something is due; nil if nothing is.
    let waits: [TaskName: Duration]
}
