import Foundation

/// Waiting for other processes, which tell nobody when they are ready.
enum FixtureWait {
    /// Asks again and again until it is true.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error.
    ///   - isTrue: whether it is.
    /// - Throws: ``FixtureError`` after a minute, and what the question throws.
    static func until(_ what: String, _ isTrue: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !isTrue() {
            guard ContinuousClock.now < deadline else { throw FixtureError("not in time: \(what)") }
            // Only keeps the processor free for the servers.
            usleep(5_000)
        }
    }
}
