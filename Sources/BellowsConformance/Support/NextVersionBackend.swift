import Bellows
import BellowsTesting

/// A backend as the next version of the library has it: it knows the records that this version does not.
struct NextVersionBackend: ForwardingBackend {
    let wrapped: any Backend

    func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        let outcome = try await wrapped.claim(request)
        guard case .claimed(let tasks, let next) = outcome else { return outcome }
        let known = tasks.map { task in
            task.newer == nil ? task : ClaimedTask(lease: task.lease, attempt: task.attempt, record: task.record)
        }
        return .claimed(known, next: next)
    }
}
