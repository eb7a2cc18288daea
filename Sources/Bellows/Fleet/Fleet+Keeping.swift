extension Fleet {
    /// Closes a definition, all parts of it: nothing is handed out, and its singleton is not run. What runs goes on.
    ///
    /// - Parameters:
    ///   - definition: the definition and its parts.
    ///   - duration: after which time it opens by itself; nil, the default, for never.
    ///   - note: who closes it, and why; at most ``DefinitionPause/maximumNote`` bytes, nothing by default.
    /// - Returns: how many of its tasks are leased now, and go on.
    /// - Throws: ``BellowsError``. Parts that were closed before the error stay closed; repeating the call is harmless.
    @discardableResult
    public func pause(
        _ definition: TaskPartitions,
        for duration: Duration? = nil,
        note: String = ""
    ) async throws(BellowsError) -> Int {
        var leased = 0
        for name in definition.names { leased += try await keeping.pause(name, for: duration, note: note) }
        return leased
    }

    /// Opens a definition that was closed, all parts of it.
    ///
    /// - Parameter definition: the definition and its parts.
    /// - Returns: whether any part was closed.
    /// - Throws: ``BellowsError``. Parts that were opened before the error stay open; repeating the call is harmless.
    @discardableResult
    public func resume(_ definition: TaskPartitions) async throws(BellowsError) -> Bool {
        var wasClosed = false
        for name in definition.names where try await keeping.resume(name) { wasClosed = true }
        return wasClosed
    }

    private var keeping: any FleetKeeping {
        get throws(BellowsError) { try backend.requiredCapability((any FleetKeeping).self) }
    }
}
