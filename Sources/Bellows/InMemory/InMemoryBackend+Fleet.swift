extension InMemoryBackend: FleetKeeping {
    /// Closes a definition: nothing of it is handed out.
    public func pause(
        _ name: TaskName,
        for duration: Duration?,
        note: String
    ) async throws(BellowsError) -> Int {
        do throws(BellowsError) {
            try DefinitionPause.check(duration, note: note)
            return step(name) { table, now, _ in table.pause(for: duration, note: note, at: now) }
        } catch {
            throw error.during(.pause)
        }
    }

    /// Opens a definition that was closed.
    public func resume(_ name: TaskName) async throws(BellowsError) -> Bool {
        step(name) { table, now, _ in table.resume(at: now) }
    }
}
