import Bellows
import BellowsRedis
import Logging

/// How a program that stays makes its first connection: it waits for a server that is there and only needs time, and
/// for one that is not there as long as it was told to.
struct PatientConnection {
    let configuration: RedisConfiguration
    /// How long a server that cannot be reached is waited for; nil does not wait.
    let wait: Duration?
    let logger: Logger

    private static let pause = Duration.milliseconds(500)

    /// What a failed try means.
    enum Verdict: Equatable {
        /// Try again, and say so.
        case wait(String)
        case giveUp
    }

    /// Connects.
    ///
    /// - Throws: why there is nothing to wait for.
    func connect() async throws -> RedisBackend {
        let start = ContinuousClock.now
        let news = WaitingNews()
        while true {
            do {
                let backend = try await RedisBackend.connect(configuration, logger: logger) {
                    news.say("Redis is loading its data; waiting for it")
                }
                CommandLogger.open()
                return backend
            } catch let error as BellowsError {
                guard case .wait(let text) = Self.verdict(error, waited: .now - start, wait: wait) else { throw error }
                news.say(text)
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// - Parameters:
    ///   - error: why a try failed.
    ///   - waited: for how long there have been tries.
    ///   - wait: how long there may be.
    static func verdict(_ error: BellowsError, waited: Duration, wait: Duration?) -> Verdict {
        switch error.code.kind {
        // It is there, and somebody or time will make room in it.
        case .storeFull: return .wait("\(error.message); waiting for it")
        case .unavailable, .outcomeUnknown, .notPrimary:
            guard let wait, waited < wait else { return .giveUp }
            return .wait("\(error.message); waiting for it")
        case .accessDenied, .unsupportedServer, .layoutMismatch, .invalidData, .invalidConfiguration, .closed,
            .invalidInput,
            .tooLarge, .alreadyRunning, .cancelled, .unsupported:
            return .giveUp
        }
    }
}
