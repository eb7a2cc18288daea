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

    /// How many descriptors must be free before a command is started: several may be at once, and each needs eight.
    private static let neededDescriptors = 64

    /// Makes sure that a command can be given its descriptors.
    ///
    /// - Throws: ``HostProblem`` if there are too few.
    static func checkDescriptors() throws(HostProblem) {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        while taken.count < neededDescriptors {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw HostProblem(description: "no command can be started: \(String(cString: strerror(errno)))")
            }
            taken.append(descriptor)
        }
    }

    /// Tells the operator, at most every ten seconds.
    func report() {
        guard Self.throttle.withLock({ $0.pass(now: .now) }) != nil else { return }
        ByteSink.standardError.post(Array("bellows: \(ErrorText.sanitize(description)); trying again\n".utf8))
    }
}
