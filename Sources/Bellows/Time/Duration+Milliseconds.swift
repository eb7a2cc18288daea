extension Duration {
    /// Whole milliseconds, rounded up; clamped to what 64 bits hold.
    package var millisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let fraction =
            attoseconds > 0 ? (attoseconds - 1) / 1_000_000_000_000_000 + 1 : attoseconds / 1_000_000_000_000_000
        let (sum, carry) = product.addingReportingOverflow(fraction)
        return carry ? .max : sum
    }

    /// The duration in seconds, for arithmetic that may round.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
