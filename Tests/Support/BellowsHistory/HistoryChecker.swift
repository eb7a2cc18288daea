import Bellows

/// Judges a history of concurrent operations on one definition by what every backend promises. Pure.
///
/// It needs no order of the operations: it reports only what no order could explain, given that each operation took
/// effect between its beginning and its end, or at any time after its beginning if its outcome is unknown.
package struct HistoryChecker {
    /// The length of all leases.
    private let lease: Duration
    /// How exact the store's clock is, and how much it may drift from ours in one lease.
    private let slack = Duration.milliseconds(5)

    /// Whether everything was removed now and then, or the store's clock was set: then only that is judged which holds
    /// all the same.
    private let isRuined: Bool

    /// What the machine itself may take beside what is promised.
    private let allowance: Duration

    package init(lease: Duration, isRuined: Bool = false, allowance: Duration = .seconds(2)) {
        (self.lease, self.isRuined, self.allowance) = (lease, isRuined, allowance)
    }

    /// What no order of the operations could explain, in words.
    ///
    /// - Parameters:
    ///   - events: all of them, in any order.
    ///   - isOver: whether all tasks were brought to an end before the history ended.
    package func violations(in events: [HistoryEvent], isOver: Bool) -> [String] {
        let unknownClaims = events.filter { if case .claimUnknown = $0.operation { true } else { false } }
            .map(\.start).sorted()
        let tasks = Dictionary(grouping: events.filter { $0.id != nil }) { $0.id }
        var found: [String] = []
        for (id, events) in tasks {
            guard let id else { continue }
            let life = Life(events.sorted { $0.start < $1.start }, lease, slack)
            var problems = life.staleTokens + life.foreignResults
            if !isRuined {
                problems += life.doubleLeases + life.earlyClaims + life.claimsAfterTheEnd + life.repeatedEnds
                problems += life.claimsAfterCancellation
                problems += life.wrongAttempts(unknownClaims) + life.missingResults
            }
            if isOver, !isRuined { problems += life.unfinished }
            found += problems.map { "\(id): \($0)" }
        }
        return found.sorted() + events.compactMap(tardiness)
    }

    /// What did not come in time, or not as it should (L2 to L4).
    private func tardiness(of event: HistoryEvent) -> String? {
        let time = event.end - event.start
        switch event.operation {
        case .wait(let id, _, isOwn: false): return "\(id): the waiter got another result"
        case .wait(let id, let timeout, _):
            return time > timeout + allowance ? "\(id): waited for \(time) instead of \(timeout)" : nil
        case .takeover(let start):
            guard let start else { return "a dead owner of the singleton was never replaced" }
            let time = start - event.start
            return time > lease + allowance / 2 ? "a dead owner of the singleton was replaced after \(time)" : nil
        case .stop(let grace, let failure):
            if let failure { return "a dispatcher ended with: \(failure)" }
            return time > grace + allowance ? "a dispatcher took \(time) to stop, its grace is \(grace)" : nil
        default: return nil
        }
    }

    /// What happened to one task.
    private struct Life {
        private struct Claim {
            let event: HistoryEvent
            let token: LeaseToken
            let attempt: Int
        }

        private let events: [HistoryEvent]
        private let claims: [Claim]
        private let lease: Duration
        private let slack: Duration

        init(_ events: [HistoryEvent], _ lease: Duration, _ slack: Duration) {
            (self.events, self.lease, self.slack) = (events, lease, slack)
            claims = events.compactMap { event in
                guard case .claim(_, let token, let attempt) = event.operation else { return nil }
                return Claim(event: event, token: token, attempt: attempt)
            }
        }

        /// What may have ended the attempt of a token.
        private func endings(of token: LeaseToken) -> [HistoryEvent] {
            events.filter { $0.ending?.token == token && $0.ending?.outcome != .refused }
        }

        /// A second lease while the first one was surely in force (S2).
        var doubleLeases: [String] {
            var found: [String] = []
            for first in claims {
                for second in claims where second.token != first.token && second.event.start > first.event.end {
                    guard !endings(of: first.token).contains(where: { $0.start < second.event.end }) else { continue }
                    let renewals = events.filter {
                        if case .renew(_, first.token, .done) = $0.operation {
                            $0.end < second.event.start
                        } else {
                            false
                        }
                    }
                    let until = ([first.event] + renewals).map { $0.start + lease }.max() ?? .zero
                    if second.event.end < until - slack {
                        found.append(
                            "claimed at \(second.event.end) by \(second.token), but \(first.token) had it until \(until)"
                        )
                    }
                }
            }
            return found
        }

        /// A token that was accepted after its attempt had ended, or after another claim (S1, S3).
        var staleTokens: [String] {
            var found: [String] = []
            for claim in claims {
                let accepted = events.filter { $0.comparison?.token == claim.token && $0.comparison?.outcome == .done }
                let ended = accepted.filter { $0.ending != nil }
                if ended.count > 1 { found.append("\(claim.token) ended its attempt \(ended.count) times") }
                if let end = ended.map(\.end).min(), accepted.contains(where: { $0.start > end }) {
                    found.append("\(claim.token) was accepted after it had ended its attempt")
                }
                let successors = claims.filter { $0.token != claim.token && $0.event.start > claim.event.end }
                if let next = successors.map(\.event.end).min(), accepted.contains(where: { $0.start > next }) {
                    found.append("\(claim.token) was accepted after another claim")
                }
            }
            return found
        }

        /// A claim before the task was due (S4).
        var earlyClaims: [String] {
            var found: [String] = []
            // A task that was moved is due when its server says; the server's account is judged elsewhere.
            let isMoved = events.contains { if case .reschedule = $0.operation { true } else { false } }
            if isMoved || isReborn { return [] }
            // Each publish may have begun a life, so the earliest one counts.
            let published = events.compactMap { event -> Duration? in
                guard case .publish(_, let delay, _, let isNew) = event.operation, isNew != false else { return nil }
                return event.start + delay
            }
            for claim in claims {
                // The id of a publish without an answer is not known, and a singleton has none.
                if let due = published.min(), claim.event.end < due - slack {
                    found.append("claimed at \(claim.event.end), due at \(due)")
                }
                let before = claims.filter { $0.event.end < claim.event.start }
                guard let last = before.max(by: { $0.event.start < $1.event.start }) else { continue }
                for ending in endings(of: last.token) where ending.ending?.outcome == .done {
                    let wait: Duration? =
                        switch ending.operation {
                        case .fail(_, _, let retry, _): retry
                        case .finish(_, _, let nextRun, _, _): nextRun
                        case .release(_, _, let delay, _): delay
                        default: nil
                        }
                    if let wait, ending.end < claim.event.start, claim.event.end < ending.start + wait - slack {
                        found.append("claimed at \(claim.event.end), but set back at \(ending.start) for \(wait)")
                    }
                }
            }
            return found
        }

        /// Ends for good.
        private var finals: [HistoryEvent] {
            events.filter { $0.ending?.isFinal == true && $0.ending?.outcome == .done }
        }

        /// Publishes that may have begun a life.
        private var births: [HistoryEvent] {
            events.filter { if case .publish(_, _, _, let isNew) = $0.operation { isNew != false } else { false } }
        }

        /// A claim after the task had ended for good (S5).
        var claimsAfterTheEnd: [String] {
            finals.flatMap { final in
                guard !births.contains(where: { $0.end > final.start || mayComeLater($0) }) else { return [String]() }
                return claims.filter { $0.event.start > final.end }.map { "claimed by \($0.token) after its end" }
            }
        }

        /// A claim after the task was cancelled, or its holder was asked to stop (S11).
        var claimsAfterCancellation: [String] {
            events.flatMap { event -> [String] in
                guard case .cancel(_, let outcome?) = event.operation, Self.isLast(outcome) else { return [] }
                guard !births.contains(where: { $0.end > event.start || mayComeLater($0) }) else { return [] }
                return claims.filter { $0.event.start > event.end }.map {
                    "claimed by \($0.token) after it was cancelled"
                }
            }
        }

        /// Whether no attempt may follow.
        private static func isLast(_ outcome: CancelOutcome) -> Bool {
            switch outcome {
            case .cancelled, .requested, .stillRunning: true
            case .finished, .dead, .unknown: false
            }
        }

        /// Whether the id came again after its task was cancelled: its old life was forgotten, result and all.
        private var isReborn: Bool {
            births.count > 1 && events.contains { if case .cancel = $0.operation { true } else { false } }
        }

        /// Whether a publish without an answer may still take effect.
        private func mayComeLater(_ event: HistoryEvent) -> Bool {
            if case .publish(_, _, _, nil) = event.operation { true } else { false }
        }

        /// More ends than lives, or a life of an id that still counts as finished (S1).
        var repeatedEnds: [String] {
            var found: [String] = []
            if finals.count > max(1, births.count) { found.append("ended \(finals.count) times") }
            let successes = finals.filter { if case .finish = $0.operation { true } else { false } }
            if let end = successes.map(\.end).min() {
                let again = events.contains { event in
                    guard case .publish(_, _, true, true) = event.operation else { return false }
                    return event.start > end
                }
                if again { found.append("published as new although it had finished") }
            }
            return found
        }

        /// A result that nobody has given before (S7).
        var foreignResults: [String] {
            events.compactMap { event in
                guard case .result(_, let bytes) = event.operation else { return nil }
                let isKnown = events.contains { other in
                    guard case .finish(_, _, _, let result, let outcome) = other.operation else { return false }
                    return result == bytes && outcome != .refused && other.start < event.end
                }
                return isKnown ? nil : "has the result '\(String(decoding: bytes, as: UTF8.self))', which nobody gave"
            }
        }

        /// A publisher that asked for a result, and in the end there was none: whatever happened to the attempts, and also
        /// if the task runs again after its first success (S10).
        var missingResults: [String] {
            !isReborn
                && events.contains {
                    if case .finalLook(_, isThere: false) = $0.operation { true } else { false }
                } ? ["its publisher asked for a result, and there is none"] : []
        }

        /// An attempt that is not the number of claims since the last fresh start, less the releases (S8).
        func wrongAttempts(_ unknownClaims: [Duration]) -> [String] {
            // After a fresh start, or what may be one, the count is not known to us.
            let isFresh = events.contains { event in
                if case .finish(_, _, .some, _, let outcome) = event.operation { return outcome != .refused }
                return false
            }
            guard !isFresh, births.count == 1 else { return [] }
            guard claims.count > 1 || claims.first?.attempt != 1 else { return [] }
            return claims.compactMap { claim in
                let others = claims.filter { $0.token != claim.token }
                let before = others.count { $0.event.end < claim.event.start }
                let possible = others.count { $0.event.start < claim.event.end }
                let unknown = unknownClaims.prefix { $0 < claim.event.end }.count
                let releases = events.filter { if case .release = $0.operation { true } else { false } }
                let released = releases.count { $0.ending?.outcome == .done && $0.end < claim.event.start }
                let maybeReleased = releases.count {
                    $0.ending?.outcome != .refused && $0.start < claim.event.end
                }
                let allowed = (1 + before - maybeReleased)...(1 + possible + unknown - released)
                return allowed.contains(claim.attempt)
                    ? nil : "attempt \(claim.attempt), but it can only be in \(allowed)"
            }
        }

        /// An acknowledged task that never ended (L1).
        var unfinished: [String] {
            let isAcknowledged = events.contains {
                if case .publish(_, _, _, true) = $0.operation { true } else { false }
            }
            let hasEnded = events.contains { $0.ending?.isFinal == true && $0.ending?.outcome != .refused }
            let isCancelled = events.contains { event in
                guard case .cancel(_, let outcome) = event.operation else { return false }
                return outcome.map(Self.isLast) ?? true
            }
            return isAcknowledged && !hasEnded && !isCancelled ? ["acknowledged and never brought to an end"] : []
        }
    }
}
