import Bellows
import BellowsRuntime
import BellowsTesting

/// Reads a subscription with a deadline on real time.
struct SignalReader: Sendable {
    let subscription: SignalSubscription

    init(_ subscription: SignalSubscription) {
        self.subscription = subscription
    }

    /// Waits for a signal that satisfies the condition; others are passed over, because signals are hints.
    @discardableResult
    func wait(
        for what: String,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        until condition: (BackendSignal) -> Bool
    ) async throws -> BackendSignal {
        let time = EventLoop.shared
        let deadline = time.now + EventProbe<Void>.timeout
        var seen: [BackendSignal] = []
        while true {
            switch await subscription.next(until: deadline, on: time) {
            case .signal(let signal):
                if condition(signal) { return signal }
                seen.append(signal)
            case .deadline, .ended:
                throw ConformanceFailure(
                    "waited for \(what) in vain; signals so far: \(seen)",
                    fileID: fileID,
                    line: line
                )
            }
        }
    }

    /// Waits for one signal; others are passed over.
    func expect(_ signal: BackendSignal, fileID: StaticString = #fileID, line: UInt = #line) async throws {
        try await wait(for: "\(signal)", fileID: fileID, line: line) { $0 == signal }
    }
}
