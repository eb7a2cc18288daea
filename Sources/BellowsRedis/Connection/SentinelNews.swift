import Synchronization

/// What Sentinels have announced in the last seconds. The one that leads a failover tells of it at once, and the others
/// hear of it up to two seconds later: until then they still name the old primary, which may live on behind a cut.
final class SentinelNews: Sendable {
    /// A service of some Sentinels.
    typealias Service = RedisConfiguration.Address

    private struct Announcement {
        let primary: RedisConfiguration.Node
        let end: ContinuousClock.Instant
    }

    /// What all backends of this process have heard.
    static let shared = SentinelNews()
    /// For how long an announcement stands against what a Sentinel says.
    static let validity = Duration.seconds(3)

    private let announcements = Mutex<[Service: Announcement]>([:])

    /// Sentinels of the service have made somebody the primary.
    func note(_ primary: RedisConfiguration.Node, of service: Service, at now: ContinuousClock.Instant) {
        announcements.withLock { $0[service] = Announcement(primary: primary, end: now + Self.validity) }
    }

    /// Whether a Sentinel that names this primary does not know the news yet.
    func isOutdated(_ primary: RedisConfiguration.Node, of service: Service, at now: ContinuousClock.Instant) -> Bool {
        announcements.withLock { announcements in
            guard let announcement = announcements[service] else { return false }
            guard now < announcement.end else {
                announcements[service] = nil
                return false
            }
            return announcement.primary != primary
        }
    }
}
