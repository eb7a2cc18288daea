/// Why a dispatcher cannot run as it was made.
extension BellowsError {
    /// Two handlers have the same definition.
    package static func duplicateHandler(_ name: String) -> BellowsError {
        BellowsError(.invalidConfiguration, "two handlers are registered for the definition \(name)", verb: .run)
    }

    /// There is no handler at all.
    package static var noHandlers: BellowsError {
        BellowsError(.invalidConfiguration, "a dispatcher needs at least one handler", verb: .run)
    }

    /// ``DispatcherConfiguration/maximumConcurrentTasks`` is not between 1 and a million.
    package static func maximumConcurrentTasks(_ count: Int) -> BellowsError {
        BellowsError(
            .invalidConfiguration,
            "a dispatcher runs 1 to 1000000 tasks at once, not \(count)",
            verb: .run
        )
    }

    /// ``DispatcherConfiguration/shutdownGrace`` is negative or longer than a day.
    package static func shutdownGrace(_ grace: Duration) -> BellowsError {
        BellowsError(
            .invalidConfiguration,
            "invalid grace for a shutdown, \(grace): use zero to one day",
            verb: .run
        )
    }

    /// `run()` was called while the dispatcher runs.
    package static var alreadyRunning: BellowsError {
        BellowsError(.alreadyRunning, "the dispatcher runs already", verb: .run)
    }
}
