import Bellows
import Subprocess
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Why no command could be started: something is short on this host, and neither the task nor its command is to blame.
struct HostProblem: Error, CustomStringConvertible {
    let description: String

    private static let throttle = Mutex(LogThrottle())
    private static let counting = Mutex(())

    init(description: String) { self.description = description }

    /// Why swift-subprocess could not start the command; nil if it is not the host's fault, or came later.
    init?(_ error: any Error) {
        guard let error = error as? SubprocessError, error.code == .spawnFailed, let errno = error.underlyingError
        else { return nil }
        switch errno {
        case .resourceTemporarilyUnavailable, .noMemory, .textFileBusy, .tooManyOpenFiles, .tooManyOpenFilesInSystem:
            description = "no command can be started: \(errno)"
        default: return nil
        }
    }

    /// How many commands may be started at once.
    static let startsAtOnce = 4
    /// How many descriptors must be free before a command is started: each start needs eight at most, and connections
    /// may be made meanwhile.
    private static let neededDescriptors = 8 * startsAtOnce + 8

    /// Makes sure that a command can be given its descriptors.
    ///
    /// - Throws: ``HostProblem`` if there are too few.
    static func checkDescriptors() throws(HostProblem) {
        // One at a time: those that are taken to be counted must not be what somebody else finds missing.
        let failure = counting.withLock { _ -> Int32 in
            var taken: [Int32] = []
            defer { for descriptor in taken { close(descriptor) } }
            while taken.count < neededDescriptors {
                let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { return errno }
                taken.append(descriptor)
            }
            return 0
        }
        guard failure == 0 else {
            throw HostProblem(description: "no command can be started: \(String(cString: strerror(failure)))")
        }
    }

    /// Tells the operator, at most every ten seconds.
    func report() {
        guard Self.throttle.withLock({ $0.pass(now: .now) }) != nil else { return }
        ByteSink.standardError.post(Array("bellows: \(ErrorText.sanitize(description)); trying again\n".utf8))
    }
}
