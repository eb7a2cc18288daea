import Bellows

/// A script and the WAIT behind it, as a plain value: what their answers mean together.
///
/// WAIT speaks of what was executed on its own connection. So its answer counts only if the script was answered before
/// it, on the same connection; else the script has to be repeated, which is harmless, and WAIT after it.
struct ReplicatedExchange<Line: Equatable & Sendable>: Sendable {
    /// What to do once both answers are there.
    enum Decision: Sendable {
        /// The script was carried out, and this many replicas have its effects.
        case done(RedisReply, replicas: Int)
        /// The script was carried out, but its replicas are not known: repeat it.
        case again(RedisReply)
        /// The script was not carried out, or nobody knows.
        case failed(BellowsError)
    }

    private var script: (result: Result<RedisReply, BellowsError>, connection: Line)?
    private var wait: (count: Int?, connection: Line, isBehindScript: Bool)?

    /// The script was answered on this connection, or given up.
    mutating func scriptEnded(_ result: Result<RedisReply, BellowsError>, connection: Line) -> Decision? {
        script = (result, connection)
        return decision
    }

    /// WAIT was answered on this connection, or has no answer (nil).
    mutating func waitEnded(_ count: Int?, connection: Line) -> Decision? {
        wait = (count, connection, script != nil)
        return decision
    }

    private var decision: Decision? {
        guard let script, let wait else { return nil }
        switch script.result {
        case .failure(let error): return .failed(error)
        case .success(let reply):
            guard let count = wait.count, wait.isBehindScript, wait.connection == script.connection else {
                return .again(reply)
            }
            return .done(reply, replicas: count)
        }
    }
}
