import Bellows

/// Decides when a cluster is asked for its map. Knows no clock and no connection.
struct ClusterSearch: Sendable {
    /// Where the search stands.
    private enum State: Equatable, Sendable {
        case idle
        /// Under way; whether the map may have changed again since.
        case searching(isOutdated: Bool)
        case pausing
        case closed
    }

    /// What to do.
    enum Action: Equatable, Sendable {
        /// Ask a server.
        case search
        /// Tell ``timePassed()`` after a while.
        case pause(Duration)
    }

    private var state = State.idle
    private var failures = 0

    /// While a server that keeps slots is out of reach, somebody may take its place at any moment.
    static let watchInterval = Duration.milliseconds(500)
    /// A change that is noticed while the map is being read calls for another look, but a cluster that is in motion is
    /// not asked all the time.
    static let leastInterval = Duration.milliseconds(100)
    /// The pauses after failures.
    static let backoff = Backoff(base: .milliseconds(100), factor: 2, maximum: .seconds(1))

    /// The map may have changed.
    mutating func wanted() -> Action? {
        switch state {
        case .idle:
            state = .searching(isOutdated: false)
            return .search
        case .searching:
            state = .searching(isOutdated: true)
            return nil
        case .pausing, .closed: return nil
        }
    }

    /// The map was read.
    ///
    /// - Parameter isSettled: whether all servers on it are within reach, as far as is known.
    mutating func found(isSettled: Bool) -> Action? {
        guard case .searching(let isOutdated) = state else { return nil }
        failures = 0
        guard isOutdated || !isSettled else {
            state = .idle
            return nil
        }
        state = .pausing
        return .pause(isSettled ? Self.leastInterval : Self.watchInterval)
    }

    /// The map could not be read.
    mutating func failed(random: inout some RandomNumberGenerator) -> Action? {
        guard case .searching = state else { return nil }
        failures += 1
        state = .pausing
        return .pause(Self.leastInterval + Self.backoff.delay(attempt: failures, using: &random))
    }

    /// A pause is over.
    mutating func timePassed() -> Action? {
        guard state == .pausing else { return nil }
        state = .searching(isOutdated: false)
        return .search
    }

    /// Nobody wants the map any more.
    mutating func close() {
        state = .closed
    }
}
