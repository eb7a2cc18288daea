import ArgumentParser
import Bellows

/// A duration on the command line: a number and `ms`, `s`, `m`, `h` or `d`.
struct DurationArgument: Equatable, Sendable {
    let duration: Duration

    /// Reads a duration.
    ///
    /// - Parameter text: such as `500ms`, `1.5s` or `2h`.
    /// - Returns: nil if it is anything else, or negative, or longer than any program waits.
    init?(_ text: String) {
        let number = text.prefix { "0123456789.".contains($0) }
        guard let milliseconds = Self.millisecondsByUnit[String(text.dropFirst(number.count))],
            number.first?.isNumber == true, number.last?.isNumber == true, let value = Double(number)
        else { return nil }
        let total = value * milliseconds
        // Twenty years: above every limit of the store, and below every overflow.
        guard total <= 20 * 366 * 86_400_000 else { return nil }
        duration = .milliseconds(Int64(total.rounded(.up)))
    }

    private static let millisecondsByUnit: [String: Double] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]

    /// What argument-parser calls; the error says what would be right.
    static let transform: @Sendable (String) throws -> Duration = { text in
        guard let argument = DurationArgument(text) else {
            throw ValidationError("use a number and ms, s, m, h or d, such as 500ms or 30s")
        }
        return argument.duration
    }
}
