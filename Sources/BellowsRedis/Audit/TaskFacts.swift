import Bellows

/// Where one task is noted, all at the same instant; see lua/audit.lua. Pure.
struct TaskFacts: Sendable, Equatable {
    /// How many values of the script's answer tell about one task.
    static let width = 12

    var id: String
    var hasRecord = false
    /// When it is due, in ms.
    var due: Int64?
    /// When its lease ends, in ms.
    var leaseEnd: Int64?
    /// The attempt and the nonce of the claim.
    var token: String?
    var hasError = false
    /// Who wants the result.
    var want: String?
    /// When it died, in ms.
    var diedAt: Int64?
    var hasDeadRecord = false
    /// Attempt and beginning of the reason.
    var deadCause: String?
    /// Whether the id counts as finished.
    var isFinished = false
    /// Whether the list has it; nil if nobody looked.
    var isListed: Bool?

    /// A task that is nowhere.
    init(id: String) { self.id = id }

    /// Reads the values about one task.
    init?(_ parts: ArraySlice<RedisReply>) {
        let texts = parts.compactMap(\.asText)
        guard texts.count == Self.width else { return nil }
        func some(_ index: Int) -> String? { texts[index].isEmpty ? nil : texts[index] }
        id = texts[0]
        hasRecord = some(1) != nil
        due = some(2).flatMap { Int64($0) }
        leaseEnd = some(3).flatMap { Int64($0) }
        token = some(4)
        hasError = some(5) != nil
        want = some(6)
        diedAt = some(7).flatMap { Int64($0) }
        hasDeadRecord = some(8) != nil
        deadCause = some(9)
        isFinished = some(10) != nil
        isListed = some(11).map { $0 == "Q" }
    }

    /// Whether it is a task of the library itself. Given back, it stays leased, to nobody and for any time.
    var isControl: Bool { TaskID(unchecked: id).isOurs }

    /// Whether only the list can bring it to a worker.
    var isReady: Bool { hasRecord && due == nil && leaseEnd == nil }

    /// The rules that it breaks.
    ///
    /// - Parameters:
    ///   - now: the server's time in ms.
    ///   - longestLease: the longest lease in use, in ms; nil if none is noted.
    func problems(now: Int64, longestLease: Int64?) -> [(kind: StoreViolation.Kind, text: String)] {
        var found: [(kind: StoreViolation.Kind, text: String)] = []
        func check(_ isWrong: Bool, _ kind: StoreViolation.Kind, _ text: @autoclosure () -> String) {
            if isWrong { found.append((kind, text())) }
        }
        let isWaiting = due != nil || leaseEnd != nil
        check(isReady && isListed == false, .unreachable, "ready, but the list does not name it")
        check(due != nil && leaseEnd != nil, .twoStates, "leased and delayed at once")
        check(hasRecord && diedAt != nil, .twoStates, "waits or runs, and is a dead letter")
        check(hasRecord && isFinished, .twoStates, "waits or runs, and counts as finished")
        check(isWaiting && !hasRecord, .recordMissing, "delayed or leased, but its record is gone")
        let claim = TokenForm(token)
        check(claim == .unreadable, .malformed, "its token is \(Self.excerpt(token ?? ""))")
        check(
            leaseEnd != nil && claim != .held && !isControl,
            .leaseWithoutToken,
            "leased, but no token of a claim is noted"
        )
        check(leaseEnd == nil && claim == .held, .tokenWithoutLease, "claimed by a token, but not leased")
        if !hasRecord {
            check(token != nil && !isWaiting, .leftover, "the token of a task that does not exist")
            check(hasError, .leftover, "the error of a task that does not exist")
            check(want != nil, .leftover, "somebody wants the result of a task that does not exist")
        }
        if let want {
            check(!Self.isSound(want: want), .malformed, "its note about the result is \(Self.excerpt(want))")
        }
        if diedAt != nil {
            check(deadCause == nil, .recordMissing, "a dead letter without a reason")
            let isExcused = deadCause?.drop { $0 != ":" } == ":payload missing"
            check(!hasDeadRecord && !isExcused, .recordMissing, "a dead letter without its record")
        } else {
            check(hasDeadRecord || deadCause != nil, .leftover, "parts of a dead letter that does not exist")
        }
        if let leaseEnd, let longestLease, !isControl {
            let left = leaseEnd.subtractingClamped(now)
            check(left > longestLease.addingClamped(1000), .tooFar, "its lease ends in \(left) ms")
        }
        if let due {
            let limit = Availability.maximumDelay.millisecondsRoundedUp
            let wait = due.subtractingClamped(now)
            check(wait > limit, .tooFar, "it is due in \(wait) ms")
        }
        return found
    }

    /// Whether a text is `TTL:RUN:PROCESS,PROCESS…`.
    private static func isSound(want: String) -> Bool {
        let parts = want.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && UInt64(parts[0]) != nil && !parts[1].isEmpty
    }

    /// The beginning of a text that somebody else may have written.
    static func excerpt(_ text: String) -> String { "'\(ErrorText.sanitize(String(text.prefix(60))))'" }
}
