import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Dates as text: ISO 8601, read with any time zone, written in UTC with milliseconds.
enum Timestamp {
    /// Reads `2026-05-01T12:30:00Z`, with or without seconds and fractions, with `Z` or an offset such as `+02:00`.
    ///
    /// - Returns: nil for anything else. A time without a zone is refused: it would mean another moment on each host.
    static func date(from text: String) -> Date? {
        let pattern =
            /(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?:Z|z|([+-])(\d{2}):?(\d{2})?)/
        guard let match = try? pattern.wholeMatch(in: text) else { return nil }  // Only a broken pattern throws.
        let numbers = [match.1, match.2, match.3, match.4, match.5, match.6 ?? "0"].compactMap { Int($0) }
        guard numbers.count == 6, (1...12).contains(numbers[1]), numbers[2] >= 1,
            numbers[2] <= daysInMonth(numbers[1], of: numbers[0]),
            numbers[3] < 24, numbers[4] < 60, numbers[5] <= 60
        else { return nil }
        let days = daysSinceEpoch(year: numbers[0], month: numbers[1], day: numbers[2])
        let seconds = days * 86400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        let fraction = match.7.flatMap { Double("0\($0)") } ?? 0
        let hours = match.9.flatMap { Int($0) } ?? 0
        let minutes = match.10.flatMap { $0 }.flatMap { Int($0) } ?? 0
        guard hours < 24, minutes < 60 else { return nil }
        let offset = (hours * 3600 + minutes * 60) * (match.8 == "-" ? -1 : 1)
        return Date(timeIntervalSince1970: Double(seconds - offset) + fraction)
    }

    /// Writes a date in UTC with milliseconds, such as `2026-05-01T12:30:00.000Z`.
    static func text(from date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
        let (days, rest) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = civilDate(daysSinceEpoch: Int(days))
        let fields = [
            (year, 4), (month, 2), (day, 2), (Int(rest / 3_600_000), 2), (Int(rest / 60_000 % 60), 2),
            (Int(rest / 1000 % 60), 2), (Int(rest % 1000), 3),
        ]
        let parts = fields.map { value, width in
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5]).\(parts[6])Z"
    }

    private static func daysInMonth(_ month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The Gregorian calendar in years that begin in March, so that the leap day is the last day of the year.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.flooredDivision(by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civilDate(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension BinaryInteger {
    /// Quotient and remainder with a remainder that is never negative.
    fileprivate func flooredDivision(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
