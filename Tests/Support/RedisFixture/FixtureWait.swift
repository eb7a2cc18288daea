import BellowsTesting
import Foundation

/// Waiting for other processes, which tell nobody when they are ready.
public enum FixtureWait {
    /// How long to wait at most.
    private static var patience: Duration { MachineLoad.stretched(.seconds(60)) }

    /// Asks again and again until it is true, and blocks its thread meanwhile.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error.
    ///   - isTrue: whether it is.
    /// - Throws: ``FixtureError`` after a minute, or more on a busy machine; and what the question throws.
    static func until(_ what: String, _ isTrue: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + patience
        while try !isTrue() {
            guard ContinuousClock.now < deadline else { throw FixtureError("not in time: \(what)") }
            // Only keeps the processor free for the servers.
            usleep(5_000)
        }
    }

    /// Asks again and again until it is true.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error.
    ///   - isTrue: whether it is.
    /// - Throws: ``FixtureError`` after a minute, or more on a busy machine; `CancellationError`; and what the question
    ///   throws.
    public static func until(_ what: String, _ isTrue: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + patience
        while try await !isTrue() {
            guard ContinuousClock.now < deadline else { throw FixtureError("not in time: \(what)") }
            // Only keeps the processor free for the servers; ends at once when the test is cancelled.
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
