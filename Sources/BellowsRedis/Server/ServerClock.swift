#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How far the server's clock is from ours.
enum ServerClock {
    /// What the server is asked.
    static let command = RedisCommand("TIME")

    /// Seconds that the server's clock is ahead of ours, as exactly as the time on the way allows.
    ///
    /// - Returns: nil if the reply tells no time.
    static func skew(of reply: RedisReply, asked: Date, answered: Date) -> Double? {
        guard let parts = reply.asArray, parts.count == 2, let seconds = parts[0].asText.flatMap(Double.init),
            let microseconds = parts[1].asText.flatMap(Double.init)
        else { return nil }
        let server = seconds + microseconds / 1_000_000
        let (earliest, latest) = (asked.timeIntervalSince1970, answered.timeIntervalSince1970)
        // Anywhere between the two there may be no difference at all.
        if server < earliest { return server - earliest }
        return server > latest ? server - latest : 0
    }

    /// Whether somebody should know.
    static func isNoteworthy(_ skew: Double) -> Bool { abs(skew) > 1 }

    /// A number with one decimal.
    static func text(_ skew: Double) -> String { String((skew * 10).rounded() / 10) }
}
