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

/// Why no command could be started: something is wrong with this host, and neither the task nor its command is to blame.
struct HostProblem: Error, CustomStringConvertible {
    let description: String

    private static let throttle = Mutex(LogThrottle())
    private static let counting = Mutex(())
    private static let latest = Mutex<(problem: HostProblem, at: ContinuousClock.Instant)?>(nil)

    /// A problem counts until commands start again, or nobody has tried for this time.
    private static let memory = Duration.seconds(10)

    init(description: String) { self.description = description }

    /// Why a command that was found when the program started cannot be started now.
    init(_ error: any Error, path: [UInt8]) {
        var reason = ErrorText.describe(error)
        if let error = error as? SubprocessError {
            reason = error.code == .executableNotFound ? "it cannot be found or executed any more" : "\(error)"
            if let errno = error.underlyingError { reason = "\(errno)" }
        }
        description = "the command \(RawArguments.string(from: path)) cannot be started: \(reason)"
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

    /// A command could not be started.
    func note() {
        Self.latest.withLock { $0 = (self, .now) }
        report()
    }

    /// A command was started.
    static func clear() {
        latest.withLock { if $0 != nil { $0 = nil } }
    }

    /// Why commands cannot be started at present; nil if they can, as far as anybody knows.
    static var current: HostProblem? {
        latest.withLock { latest in
            guard let latest, .now - latest.at < memory else { return nil }
            return latest.problem
        }
    }
}
