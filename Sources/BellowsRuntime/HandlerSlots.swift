/// Decides how many turns of Swift's pool take jobs from the queue of a ``HandlerExecutor``. Knows no thread and no
/// lock.
struct HandlerSlots {
    /// What the pool has to be given.
    enum Need: Equatable {
        case nothing
        /// The only job itself: alone it gets there sooner without a turn around it.
        case lone
        /// So many more turns.
        case turns(Int)
        /// A look in a moment: turns are there, but they may be inside jobs that take long.
        case watch
    }

    /// As many turns as the pool has threads.
    private let width: Int
    /// Turns that were handed to the pool and have not ended.
    private var turns = 0
    /// Those of them that are inside a job, which may block its thread for as long as it likes.
    private(set) var busyTurns = 0
    /// Whether jobs are collected only.
    private var isHeld = false
    /// Whether somebody looks in a moment whether jobs still wait.
    private var isWatched = false

    init(width: Int) {
        self.width = width
    }

    /// Jobs are collected from now on.
    mutating func hold() {
        isHeld = true
    }

    /// Collected jobs run.
    mutating func release(waiting: Int) -> Need {
        isHeld = false
        return added(waiting: waiting)
    }

    /// Jobs were added.
    ///
    /// - Parameter waiting: how many wait now.
    mutating func added(waiting: Int) -> Need {
        guard !isHeld, waiting > 0 else { return .nothing }
        if waiting == 1, turns == 0 { return .lone }
        let more = min(width, waiting) - turns
        guard more <= 0 else {
            turns += more
            return .turns(more)
        }
        guard !isWatched, turns < width else { return .nothing }
        isWatched = true
        return .watch
    }

    /// The moment is over. Most turns have got to the next job in no time; those that are still inside one may be
    /// blocked.
    ///
    /// - Returns: how many more turns are needed, and whether to look once more.
    mutating func looked(waiting: Int) -> (more: Int, again: Bool) {
        let idleTurns = turns - busyTurns
        let more = max(0, min(width - turns, waiting - idleTurns))
        turns += more
        isWatched = waiting > 0 && turns < width
        return (more, isWatched)
    }

    /// A turn takes a job.
    mutating func entered() {
        busyTurns += 1
    }

    /// The job of a turn has ended, or waits for something itself.
    mutating func left() {
        busyTurns -= 1
    }

    /// A turn has ended.
    mutating func ended() {
        turns -= 1
    }
}
