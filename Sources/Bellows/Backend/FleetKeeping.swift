/// An optional capability: steering the workers of a fleet.
public protocol FleetKeeping: Backend {
    /// Closes a definition: from the answer on, nothing of it is handed out to anybody, and its singleton is not run.
    /// Tasks may be published, and what runs goes on. Closing it again replaces duration and note.
    ///
    /// An implementer owes: nothing is moved; whoever waits learns when the definition opens by itself; a repetition of
    /// the same call, behind a ``resume(_:)`` too, changes nothing.
    ///
    /// - Parameters:
    ///   - name: the definition, or a part of one.
    ///   - duration: after which time it opens by itself; nil for never.
    ///   - note: who closes it, and why, for others to read; at most ``DefinitionPause/maximumNote`` bytes.
    /// - Returns: how many of its tasks are leased now, and go on.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/storeFull`` where the note does not fit into the store.
    func pause(_ name: TaskName, for duration: Duration?, note: String) async throws(BellowsError) -> Int

    /// Opens a definition that was closed.
    ///
    /// An implementer owes: everybody who handles the definition hears of it.
    ///
    /// - Parameter name: the definition, or a part of one.
    /// - Returns: whether it was closed.
    /// - Throws: ``BellowsError``.
    func resume(_ name: TaskName) async throws(BellowsError) -> Bool
}
