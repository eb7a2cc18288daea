/// A result that is kept for its time.
struct StoredResult: Sendable {
    /// The publish that it belongs to.
    var run: RunID
    /// The answer to those who ask.
    var lookup: ResultLookup
}
