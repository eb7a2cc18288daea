import Bellows
import BellowsRuntime
import Logging
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The first exchange on each new command connection: who we are, what the server is, the layout, the scripts.
final class ServerCheck: Sendable {
    private let configuration: RedisConfiguration
    private let keys: RedisKeySpace
    private let catalog: ScriptCatalog
    private let logger: Logger
    private let hasWarned = Atomic<Bool>(false)
    private let hasWarnedOfClock = Atomic<Bool>(false)
    private let sawLoading = Atomic<Bool>(false)

    init(_ configuration: RedisConfiguration, keys: RedisKeySpace, catalog: ScriptCatalog, logger: Logger) {
        self.configuration = configuration
        self.keys = keys
        self.catalog = catalog
        self.logger = logger
    }

    /// Whether the server of the last exchange was there, but not ready yet.
    var isServerLoading: Bool { sawLoading.load(ordering: .relaxed) }

    /// The steps of one exchange.
    ///
    /// - Parameter role: what the server is to us.
    func handshake(with role: ServerFacts.Role = .onlyServer) -> [HandshakeStep] {
        sawLoading.store(false, ordering: .relaxed)
        let information = HandshakeStep(command: RedisCommand("INFO")) { [weak self] in self?.check($0, role) }
        let asked = EventLoop.shared.date
        let time = HandshakeStep(command: ServerClock.command) { [weak self] reply in
            self?.checkClock(reply, asked)
            return nil
        }
        // In a cluster each definition has a marker of its own, which the sweeps check.
        let marker = role == .onlyServer ? LayoutMarker.handshake(keys) : []
        let steps = HandshakeStep.login(configuration) + [information, time] + marker + catalog.handshake()
        return steps.map(noticingLoading)
    }

    /// A user without INFO hears of it in another answer.
    private func noticingLoading(_ step: HandshakeStep) -> HandshakeStep {
        HandshakeStep(command: step.command) { [weak self] reply in
            if case .error(let error) = reply, error.isLoading { self?.sawLoading.store(true, ordering: .relaxed) }
            return step.check(reply)
        }
    }

    private func check(_ reply: RedisReply, _ role: ServerFacts.Role) -> BellowsError? {
        switch reply {
        case .bytes(let bytes):
            let facts = ServerFacts(info: String(decoding: bytes, as: UTF8.self))
            sawLoading.store(facts.isLoading, ordering: .relaxed)
            let refusal = facts.refusal(allowingEviction: configuration.allowsEvictingServer, as: role)
            if refusal == nil { warn(about: facts) }
            return refusal
        // Without INFO all that we need can be done; then nobody has checked the server's settings.
        case .error(let error) where error.deniesCommand: return nil
        case .error(let error): return error.backendError
        default: return RedisReply.unexpected(to: "INFO")
        }
    }

    private func warn(about facts: ServerFacts) {
        guard facts.appendsToFile == false, !hasWarned.exchange(true, ordering: .relaxed) else { return }
        logger.warning("Redis writes no append-only file: tasks are lost if it crashes (set appendonly yes)")
    }

    /// No decision depends on our clock, except dates that users give; a user without TIME is not checked.
    private func checkClock(_ reply: RedisReply, _ asked: Date) {
        guard let skew = ServerClock.skew(of: reply, asked: asked, answered: EventLoop.shared.date),
            ServerClock.isNoteworthy(skew), !hasWarnedOfClock.exchange(true, ordering: .relaxed)
        else { return }
        logger.warning(
            "the clocks of Redis and of this host differ: dates of tasks are read by this host's clock",
            metadata: [LogKeys.duration: "\(ServerClock.text(skew)) s"]
        )
    }
}
