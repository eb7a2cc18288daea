import Bellows

extension TimeSource {
    /// Waits on this source's own timers, because those of Swift's pool stall when handlers block it.
    ///
    /// Cancellation does not end it: the calls that wait here have to be carried through.
    func wait(until instant: ContinuousClock.Instant) async {
        await withCheckedContinuation { continuation in
            _ = schedule(at: instant) { continuation.resume() }
        }
    }
}
