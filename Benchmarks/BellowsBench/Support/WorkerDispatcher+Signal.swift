import Bellows
import Foundation

extension WorkerDispatcher {
    /// Works until the process is told to end (SIGTERM), and then drains.
    func runUntilTerminated() async throws {
        signal(SIGTERM, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM)
        source.setEventHandler { self.beginDrain() }
        source.resume()
        try await run()
        source.cancel()
    }
}
