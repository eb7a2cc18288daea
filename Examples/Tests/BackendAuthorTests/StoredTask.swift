import Bellows
import Foundation

/// What a row of a table holds of a published task.
struct StoredTask {
    let id: String
    let record: [UInt8]
    let delay: Duration

    /// Checks the requests of one call, and makes a row of each.
    static func rows(
        for requests: [PublishRequest],
        limits: TaskLimits,
        date: Date
    ) throws(BellowsError) -> [StoredTask] {
        let delays = try PublishRequest.validate(requests, limits: limits, date: date)
        return zip(requests, delays).map { request, delay in
            StoredTask(
                id: request.makeID().rawValue,
                record: RecordCoder.encode(request.record),
                delay: .milliseconds(delay)
            )
        }
    }

    /// Hands the row out under a lease that was just granted. Whatever the row holds, nothing here traps.
    func claimed(
        by token: LeaseToken,
        in name: TaskName,
        attempt: Int,
        fence: Int64,
        for duration: Duration
    ) throws(BellowsError) -> ClaimedTask {
        let id = try TaskID(stored: id)
        let lease = Lease(name: name, kind: .published, id: id, token: token, duration: duration)
        do throws(UnreadableRecordError) {
            return ClaimedTask(lease: lease, attempt: attempt, fence: fence, record: try RecordCoder.decode(record))
        } catch {
            return ClaimedTask(lease: lease, attempt: attempt, fence: fence, unreadable: error)
        }
    }
}
