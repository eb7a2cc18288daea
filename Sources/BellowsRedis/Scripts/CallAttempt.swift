import Bellows

/// What becomes of one call after each reply or failure. Knows no clock and no connection.
///
/// ``ScriptRunner`` does what is decided here: it repeats the call, or follows a redirect (MOVED, ASK) of a cluster, whose
/// map ``ClusterRouter`` corrects.
struct CallAttempt: Sendable {
    /// What to do next.
    enum Decision: Sendable {
        /// Done.
        case answer(RedisReply)
        /// Give up.
        case fail(BellowsError)
        /// Send it again, now.
        case retryAtOnce
        /// Send it again, now, to where a server of a cluster points.
        case redirect(ClusterRedirect)
        /// Send it again after a pause, or give up with this error if there is no time left.
        case retry(BellowsError, isWrongServer: Bool)
    }

    /// Whether a full store is worth waiting for.
    let waitsForSpace: Bool
    /// Whether an earlier attempt may have been carried out.
    private(set) var isRepeated = false
    /// Whether the server has said that it lacks the script.
    private(set) var sendsText = false
    private var failures = 0
    private let followsRedirects: Bool
    private var redirects = 0

    /// A cluster in motion may point in circles; then calls pause as after any failure.
    private static let redirectsInARow = 3

    init(waitsForSpace: Bool, followsRedirects: Bool = false) {
        self.waitsForSpace = waitsForSpace
        self.followsRedirects = followsRedirects
    }

    /// Decides about what has come of an attempt.
    mutating func decide(_ result: Result<RedisReply, CommandFailure>) -> Decision {
        switch result {
        case .success(let reply): decide(reply)
        case .failure(let failure): decide(failure)
        }
    }

    /// Decides about a reply.
    mutating func decide(_ reply: RedisReply) -> Decision {
        guard case .error(let error) = reply else { return .answer(reply) }
        switch error.category {
        case .noScript where !sendsText:
            sendsText = true
            return .retryAtOnce
        case .redirect where followsRedirects:
            guard let redirect = error.redirect else {
                // It does not know where; the next map does.
                return .retry(
                    BellowsError(.unavailable, "the cluster is in motion: \(error.message)"),
                    isWrongServer: false
                )
            }
            redirects += 1
            guard redirects > Self.redirectsInARow else { return .redirect(redirect) }
            redirects = 0
            return .retry(
                BellowsError(.unavailable, "the cluster is in motion: \(error.message)"),
                isWrongServer: false
            )
        case .notPrimary: return .retry(error.backendError, isWrongServer: true)
        case .notReady, .tooManyClients, .clusterDown: return .retry(error.backendError, isWrongServer: false)
        case .storeFull where waitsForSpace: return .retry(error.backendError, isWrongServer: false)
        // Nobody has looked for the answer to an earlier attempt.
        case .badCredentials, .noPassword, .noPermission: return .fail(finalError(error.backendError))
        case .storeFull, .noScript, .unknownCommand, .redirect, .crossSlot, .noCluster, .wrongType, .other:
            return .fail(error.backendError)
        }
    }

    /// Decides about a missing reply.
    mutating func decide(_ failure: CommandFailure) -> Decision {
        switch failure {
        case .notSent(let reason):
            return .retry(BellowsError(.unavailable, reason), isWrongServer: false)
        case .outcomeUnknown(let reason):
            isRepeated = true
            return .retry(BellowsError(.outcomeUnknown, reason), isWrongServer: false)
        case .refused(let code, let message):
            let error = BellowsError(code, message)
            return error.isRetryable ? .retry(error, isWrongServer: false) : .fail(finalError(error))
        case .closed: return .fail(finalError(BellowsError(.closed, "the connection to Redis was closed")))
        case .tooLarge(let size):
            let text = "a command of \(size) bytes exceeds the limit: send fewer or smaller items"
            return .fail(BellowsError(.invalidData, text))
        }
    }

    /// The pause before the next attempt: 50 ms to 1 s, with full jitter.
    ///
    /// - Parameters:
    ///   - jitter: random, 0 to 1.
    ///   - left: for how long it is still worthwhile to begin one.
    /// - Returns: nil if the pause is longer than that.
    mutating func pause(jitter: Double, left: Duration) -> Duration? {
        failures += 1
        let pause = .milliseconds(10) + min(.seconds(1), .milliseconds(50) * (1 << min(failures - 1, 5))) * jitter
        return pause <= left ? pause : nil
    }

    /// The error of a call whose time is up. Once an attempt may have been carried out, that is what counts.
    func finalError(_ error: BellowsError) -> BellowsError {
        guard isRepeated, error.code != .outcomeUnknown else { return error }
        return BellowsError(.outcomeUnknown, "no answer came to the first attempt; then: \(error.message)")
    }
}
