package import Bellows

/// One operation of one client, as the client saw it.
package struct HistoryEvent: Sendable {
    /// What became of an operation that compares a token.
    package enum Outcome: Sendable, Equatable {
        case done
        case refused
        /// It failed in a way that leaves open whether it took effect.
        case unknown
    }

    /// What was asked for, and what came back.
    package enum Operation: Sendable, Equatable {
        /// `isNew` is nil if the answer never came.
        case publish(TaskID, delay: Duration, isGiven: Bool, isNew: Bool?)
        case claim(TaskID, LeaseToken, attempt: Int)
        /// A claim whose answer never came: it may have taken so many tasks.
        case claimUnknown(count: Int)
        case renew(TaskID, LeaseToken, Outcome)
        /// `nextRun` is nil for the end of the task.
        case finish(TaskID, LeaseToken, nextRun: Duration?, result: [UInt8], Outcome)
        /// `retry` is nil for a dead letter.
        case fail(TaskID, LeaseToken, retry: Duration?, Outcome)
        case release(TaskID, LeaseToken, after: Duration, Outcome)
        /// `outcome` is nil if the answer never came.
        case cancel(TaskID, CancelOutcome?)
        /// A task was, or may have been, moved to another time.
        case reschedule(TaskID)
        /// A result that was found.
        case result(TaskID, [UInt8])
        /// Whether, in the end, there was a result for a publisher that had asked for one.
        case finalLook(TaskID, isThere: Bool)
        /// Waiting for a result, and whether it was the task's own; nil if there was none in time.
        case wait(TaskID, timeout: Duration, isOwn: Bool?)
        /// A singleton whose owner died after it had begun; when the next one started, nil if it never did.
        case takeover(started: Duration?)
        /// The end of a dispatcher that was told to stop.
        case stop(grace: Duration, failure: String?)

        /// What an attempt was ended with; empty for what ends none.
        package var verb: String {
            switch self {
            case .finish: "finish"
            case .fail: "fail"
            case .release: "release"
            default: ""
            }
        }
    }

    /// When it began and ended by the clock that all clients share; it took effect in between, or later if the outcome
    /// is unknown.
    package var start: Duration
    package var end: Duration
    package var operation: Operation

    package init(_ start: Duration, _ end: Duration, _ operation: Operation) {
        (self.start, self.end, self.operation) = (start, end, operation)
    }

    /// The task; nil if it is not known.
    var id: TaskID? {
        switch operation {
        case .publish(let id, _, _, _), .claim(let id, _, _), .renew(let id, _, _), .finish(let id, _, _, _, _),
            .fail(let id, _, _, _), .release(let id, _, _, _), .result(let id, _), .finalLook(let id, _),
            .wait(let id, _, _), .cancel(let id, _), .reschedule(let id):
            id
        case .claimUnknown, .takeover, .stop: nil
        }
    }

    /// How an attempt was ended; nil for what ends none.
    package var ending: (token: LeaseToken, outcome: Outcome, isFinal: Bool)? {
        switch operation {
        case .finish(_, let token, let nextRun, _, let outcome): (token, outcome, nextRun == nil)
        case .fail(_, let token, let retry, let outcome): (token, outcome, retry == nil)
        case .release(_, let token, _, let outcome): (token, outcome, false)
        default: nil
        }
    }

    /// The token that was compared, and what came of it; nil for what compares none.
    var comparison: (token: LeaseToken, outcome: Outcome)? {
        if case .renew(_, let token, let outcome) = operation { return (token, outcome) }
        return ending.map { ($0.token, $0.outcome) }
    }
}
