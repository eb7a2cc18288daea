import Bellows
import BellowsRuntime

/// Joins the calls of each verb for itself.
struct VerbBatchers: Sendable {
    let publishes: CallBatcher<PublishItem, PublishedTask>
    let executions: CallBatcher<FinishOrClaim, ExecutionAnswer>
    let failures: CallBatcher<LeaseItem, LeaseOutcome>
    let releases: CallBatcher<LeaseItem, LeaseOutcome>
    let results: CallBatcher<ResultQuery, ResultLookup>

    /// Makes the batchers of a backend.
    ///
    /// - Parameters:
    ///   - operations: what makes the joined calls.
    ///   - patience: the time that a call has in all.
    ///   - isIdle: whether a publish should be made by its caller; see ``CallBatcher``.
    init(
        _ operations: RedisOperations,
        patience: Duration,
        isIdle: @escaping @Sendable (TaskName) -> Bool
    ) {
        let time = EventLoop.shared
        publishes = CallBatcher(patience: patience, timeSource: time, isIdle: isIdle) { name, items, left, done in
            operations.publish(items, to: name, within: left, done)
        }
        executions = CallBatcher(patience: patience, timeSource: time) { name, requests, left, done in
            operations.execute(requests, in: name, within: left, done)
        }
        failures = CallBatcher(patience: patience, timeSource: time) { name, items, left, done in
            operations.end(items, by: .fail, in: name, within: left, done)
        }
        releases = CallBatcher(patience: patience, timeSource: time) { name, items, left, done in
            operations.end(items, by: .release, in: name, within: left, done)
        }
        results = CallBatcher(patience: patience, timeSource: time) { name, queries, left, done in
            operations.result(of: queries, in: name, within: left, done)
        }
    }
}
