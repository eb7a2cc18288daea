/// How slow this machine is at present. Whatever waits for real time in a test multiplies its deadline by it.
package enum MachineLoad {
    /// How many times longer things take here than on a machine with nothing else to do: 1 to 10, a whole number, so that
    /// whole milliseconds stay whole. Measured once, at first use.
    package static let factor = factor(of: .now)

    /// How long the work of ``work()`` takes on an idle machine, built for debugging.
    private static let usual = Duration.milliseconds(40)

    /// A time that is enough on an idle machine, made enough for this one.
    package static func stretched(_ duration: Duration) -> Duration { duration * factor }

    /// What a measurement that began at `start` says, once its work is done.
    private static func factor(of start: ContinuousClock.Instant) -> Double {
        guard work() != 0 else { return 1 }
        return bounded((.now - start) / usual)
    }

    /// Keeps a measured value within what deadlines may grow by.
    static func bounded(_ factor: Double) -> Double { min(max(factor.rounded(), 1), 10) }

    /// A known piece of work for the processor, long enough for other programs to get their share of it meanwhile.
    private static func work() -> UInt64 {
        var value: UInt64 = 1
        for _ in 0..<6_000_000 {
            value ^= value << 13
            value ^= value >> 7
            value ^= value << 17
        }
        return value
    }
}
