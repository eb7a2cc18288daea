public import Bellows

extension RedisBackend: FleetKeeping {
    /// Closes a definition: nothing of it is handed out.
    public func pause(
        _ name: TaskName,
        for duration: Duration?,
        note: String
    ) async throws(BellowsError) -> Int {
        do throws(BellowsError) {
            try DefinitionPause.check(duration, note: note)
            return try await operations.pause(name, for: duration?.millisecondsRoundedUp, note: note)
        } catch {
            throw error.during(.pause)
        }
    }

    /// Opens a definition that was closed.
    public func resume(_ name: TaskName) async throws(BellowsError) -> Bool {
        do throws(BellowsError) {
            return try await operations.resume(name)
        } catch {
            throw error.during(.resume)
        }
    }
}
