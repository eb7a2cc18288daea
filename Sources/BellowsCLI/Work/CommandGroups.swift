import Synchronization

/// All commands that run, so that none is left behind when the program ends.
final class CommandGroups: Sendable {
    private let groups = Mutex<[ObjectIdentifier: CommandGroup]>([:])

    /// Adds a group for a command that is about to start.
    func make() -> CommandGroup {
        let group = CommandGroup { [weak self] in self?.forget($0) }
        groups.withLock { $0[ObjectIdentifier(group)] = group }
        return group
    }

    /// Forgets a group of which nothing is left.
    private func forget(_ group: CommandGroup) {
        groups.withLock { $0[ObjectIdentifier(group)] = nil }
    }

    /// Kills whatever is left.
    func killAll() {
        for group in groups.withLock({ Array($0.values) }) { group.killNow() }
    }
}
