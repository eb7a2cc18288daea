import Bellows
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Why no command could be started: something is short on this host, and neither the task nor its command is to blame.
struct HostProblem: Error, CustomStringConvertible {
    let description: String

    private static let lastReport = Mutex<ContinuousClock.Instant?>(nil)

    init(description: String) { self.description = description }

    /// What swift-subprocess failed with before the command ran; nil if it is not the host's fault.
    init?(_ error: any Error) {
        guard let errno = (error as? SubprocessError)?.underlyingError else { return nil }
        switch errno {
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .resourceTemporarilyUnavailable, .noMemory, .noSpace,
            .textFileBusy:
            description = "no command can be started: \(errno)"
        default: return nil
        }
    }

    /// Tells the operator, at most every ten seconds.
    func report() {
        let isDue = Self.lastReport.withLock { last in
            let now = ContinuousClock.now
            if let last, now < last + .seconds(10) { return false }
            last = now
            return true
        }
        guard isDue else { return }
        ByteSink.standardError.post(Array("bellows: \(ErrorText.sanitize(description)); trying again\n".utf8))
    }
}
