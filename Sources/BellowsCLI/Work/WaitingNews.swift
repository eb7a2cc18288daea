import Bellows
import Synchronization

/// Tells what the program waits for, at most every ten seconds.
final class WaitingNews: Sendable {
    private let throttle = Mutex(LogThrottle())

    func say(_ text: String) {
        guard throttle.withLock({ $0.pass(now: .now) }) != nil else { return }
        ByteSink.standardError.post(Array("bellows: \(ErrorText.sanitize(text))\n".utf8))
    }
}
