/// Cancels all tasks of some states, at most ``VerbLimits/changedTasks`` at a step. Nothing happens before it is iterated;
/// who stops iterating stops it, and repeating it is harmless.
///
/// Of tasks that wait it cancels about as many as there were when it came to them, so that a publisher cannot keep it
/// busy for ever.
public struct CancelSweep: AsyncSequence, Sendable {
    let fleet: Fleet
    let states: [TaskState]
    let text: String?
    let definition: TaskPartitions
    let reason: String

    /// Begins.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Goes one step further each time, and says how far it has come.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private struct Place {
            let name: TaskName
            /// Nil for a search.
            let state: TaskState?
            var cursor: PageCursor?
            /// How many may still be cancelled here; nil until it is known.
            var left: Int?
        }

        private let sweep: CancelSweep
        private var places: [Place]
        private var count = CancelCount()

        init(_ sweep: CancelSweep) {
            self.sweep = sweep
            let states = sweep.text == nil ? sweep.states.map(Optional.some) : [nil]
            places = sweep.definition.names.flatMap { name in states.map { Place(name: name, state: $0) } }
        }

        /// One step; nil when all is done.
        ///
        /// - Throws: ``BellowsError``. What was cancelled before the error stays cancelled.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(BellowsError) -> CancelCount? {
            guard var place = places.first else { return nil }
            let managing = try sweep.fleet.managing
            let (ids, isLast) = try await find(&place)
            for start in stride(from: 0, to: ids.count, by: VerbLimits.changedTasks) {
                let part = Array(ids[start...].prefix(VerbLimits.changedTasks))
                for outcome in try await managing.cancel(part, in: place.name, reason: sweep.reason) {
                    count.add(outcome)
                }
            }
            if isLast { places.removeFirst() } else { places[0] = place }
            return count
        }

        /// What the next step cancels, and whether nothing is left behind it.
        private func find(_ place: inout Place) async throws(BellowsError) -> (ids: [TaskID], isLast: Bool) {
            let inspecting = try sweep.fleet.inspecting
            guard let state = place.state else {
                let bytes = Array((sweep.text ?? "").utf8)
                let page = try await inspecting.search(bytes, of: place.name, after: place.cursor)
                place.cursor = page.next
                // A step may find a task twice; it counts once.
                let wanted = Set(page.tasks.lazy.filter { sweep.states.contains($0.state) }.map { $0.id })
                return (Array(wanted), page.next == nil)
            }
            if place.left == nil {
                let counts = try await inspecting.statistics(of: place.name)
                place.left = state == .ready ? counts.ready : state == .delayed ? counts.delayed : counts.leased
            }
            let limit = Swift.min(VerbLimits.changedTasks, place.left ?? 0)
            guard limit > 0 else { return ([], true) }
            let page = try await inspecting.tasks(state, of: place.name, after: place.cursor, limit: limit)
            // What waits is gone from the list when it is cancelled, so the next step begins where this one did.
            if state == .leased { place.cursor = page.next }
            place.left = (place.left ?? 0) - page.tasks.count
            let isLast = page.tasks.isEmpty || place.left == 0 || (state == .leased && page.next == nil)
            return (page.tasks.map(\.id), isLast)
        }
    }
}
