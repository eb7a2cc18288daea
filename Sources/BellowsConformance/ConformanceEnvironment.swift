public import Bellows
import BellowsRuntime
public import BellowsTesting

/// What a check needs to know of the backend under test: how to get one, and how time passes for it.
public struct ConformanceEnvironment: Sendable {
    private enum Time: Sendable {
        case manual(ManualTimeSource)
        case real
    }

    /// The length of short delays and leases; 100 milliseconds to a few seconds. On a real store it must be well above
    /// three times what a call takes on a busy machine, because backends may give up a claim after a third of its lease.
    public let unit: Duration
    /// Puts in a due task whose stored record has certain bytes, as another version or another program would; it need
    /// not wake anybody. Without it the checks that need it are not applicable.
    public let plantRecord: (@Sendable (_ record: [UInt8], TaskID, TaskName) async throws -> Void)?

    /// Tells the names of one run from those of others.
    private var scope = "none"

    private let time: Time
    private let open: @Sendable () async throws -> any Backend

    /// For a backend on real time.
    ///
    /// - Parameters:
    ///   - unit: the length of short delays and leases.
    ///   - plantRecord: puts in a due task whose stored record has certain bytes.
    ///   - makeBackend: connects to the store under test. It is called up to twice by each check, for two processes
    ///     on one store; the same value may be returned again.
    public init(
        unit: Duration = .seconds(1),
        plantRecord: (@Sendable (_ record: [UInt8], TaskID, TaskName) async throws -> Void)? = nil,
        makeBackend: @escaping @Sendable () async throws -> any Backend
    ) {
        self.unit = unit
        self.plantRecord = plantRecord
        time = .real
        open = makeBackend
    }

    /// For a backend on a clock that is moved by hand.
    ///
    /// - Parameters:
    ///   - time: the clock that the backend was made with.
    ///   - plantRecord: puts in a due task whose stored record has certain bytes.
    ///   - makeBackend: gives the backend under test.
    public init(
        manual time: ManualTimeSource,
        plantRecord: (@Sendable (_ record: [UInt8], TaskID, TaskName) async throws -> Void)? = nil,
        makeBackend: @escaping @Sendable () async throws -> any Backend
    ) {
        unit = .seconds(1)
        self.plantRecord = plantRecord
        self.time = .manual(time)
        open = makeBackend
    }

    /// The same environment with names of one run.
    func scoped(_ scope: String) -> ConformanceEnvironment {
        var copy = self
        copy.scope = scope
        return copy
    }

    /// A backend on the store under test.
    ///
    /// - Throws: whatever connecting throws.
    public func makeBackend() async throws -> any Backend {
        try await open()
    }

    /// A definition's name that no other run of any check uses.
    ///
    /// - Parameter label: what tells the names of one check apart.
    /// - Throws: `BellowsError.Code.invalidInput` if the label makes it invalid.
    public func uniqueName(_ label: String) throws -> TaskName {
        try TaskName("conformance.\(scope).\(label)")
    }

    /// The monotonic time that the backend under test lives in.
    public var now: ContinuousClock.Instant {
        switch time {
        case .manual(let time): time.now
        case .real: EventLoop.shared.now
        }
    }

    /// Whether time is moved by hand, so that a check may let any of it pass.
    var isManual: Bool {
        if case .manual = time { true } else { false }
    }

    /// Lets time pass: moves the manual clock, or waits.
    ///
    /// - Parameter duration: how much; on real time a few milliseconds are added, because stores round.
    public func advance(by duration: Duration) async {
        switch time {
        case .manual(let time): time.advance(by: duration)
        case .real: await Alarm.wait(for: duration + .milliseconds(20))
        }
    }

    /// Waits for something that happens only as time passes. A manual clock moves from timer to timer meanwhile.
    ///
    /// - Parameters:
    ///   - probe: what records the events.
    ///   - duration: how far a manual clock may move.
    ///   - what: what is waited for, for the failure's message.
    ///   - condition: whether the events so far are enough.
    /// - Throws: ``ConformanceFailure`` if it does not happen.
    public func wait<Event: Sendable>(
        on probe: EventProbe<Event>,
        passing duration: Duration,
        for what: String,
        until condition: @escaping @Sendable ([Event]) -> Bool
    ) async throws {
        guard case .manual(let time) = time else {
            _ = try await probe.wait(for: what, timeout: duration + EventProbe<Event>.timeout, until: condition)
            return
        }
        let limit = time.now + duration
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await probe.wait(for: what, until: condition) }
            // Whoever waits for time has a timer; the clock goes where the earliest of them is, and no further.
            group.addTask { while await time.moveToNextTimer(notAfter: limit) {} }
            // The first child to end that matters is the probe's; the other one ends only when it is cancelled.
            try await group.next()
            group.cancelAll()
        }
    }
}
