import Bellows

/// What a sweep found.
struct SweepReport: Sendable {
    /// The store had lost our marker, and most likely everything else.
    let hasLostData: Bool
    /// For each definition the time until this process should look; nil if nothing is due, or others look.
    let waits: [TaskName: Duration]
}
