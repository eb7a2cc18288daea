/// Arithmetic with numbers that a store has told, which may be anything.
extension FixedWidthInteger {
    /// The sum; the greatest or least number if it is beyond that.
    package func addingClamped(_ other: Self) -> Self {
        let (sum, isBeyond) = addingReportingOverflow(other)
        guard isBeyond else { return sum }
        return other < 0 ? .min : .max
    }

    /// The difference; the greatest or least number if it is beyond that.
    package func subtractingClamped(_ other: Self) -> Self {
        let (difference, isBeyond) = subtractingReportingOverflow(other)
        guard isBeyond else { return difference }
        return other < 0 ? .max : .min
    }
}
