/// How fast a long command goes, as a plain value.
struct ProgressMeter {
    private let start: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?

    /// The line changes at most this often.
    static let interval = Duration.milliseconds(250)

    init(start: ContinuousClock.Instant) {
        self.start = start
    }

    /// The line to show now; nil if the last one is too fresh.
    ///
    /// - Parameters:
    ///   - done: how many tasks are done.
    ///   - left: how many are known to be left; nil if nobody knows.
    mutating func line(done: Int, left: Int?, at now: ContinuousClock.Instant) -> String? {
        if let lastShown, now - lastShown < Self.interval { return nil }
        lastShown = now
        let elapsed = (now - start) / .seconds(1)
        let rate = elapsed > 0 ? Int((Double(done) / elapsed).rounded()) : 0
        return "\(rate)/s, \(done) done" + (left.map { ", \($0) left" } ?? "")
    }
}
