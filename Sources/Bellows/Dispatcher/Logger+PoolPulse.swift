import Logging

extension Logger {
    /// Warns of a pool of threads that something else than handlers holds, or says that it is free again.
    func warn(of change: PoolPulse.Change) {
        switch change {
        case .fellSilent:
            warning(
                """
                Swift's pool of threads has given no sign of life for a lease, and handlers do not hold it: something \
                else in this process blocks it. Leases are not renewed and nothing is claimed until it answers
                """
            )
        case .cameBack: warning("Swift's pool of threads answers again; leases are renewed and tasks are claimed")
        }
    }
}
