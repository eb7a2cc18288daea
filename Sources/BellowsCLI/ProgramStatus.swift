/// The exit codes, which scripts rely on.
enum ProgramStatus: Int32, Sendable {
    /// All is well.
    case success = 0
    /// A task failed or died, or was refused.
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// Redis cannot be reached, or refuses us.
    case unavailable = 69
    /// What was asked for cannot be done for now: the definition is paused.
    case paused = 75
    /// A result did not come in time.
    case timedOut = 124
}
