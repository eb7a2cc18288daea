/// What one definition has to be like after each call, told in the plainest way: a dictionary of tasks. It carries out
/// the calls that a server has written down, in the server's order, and says where the server's answer is not one that
/// it may give. It shares no code with the library and its scripts.
///
/// What depends on time is only known to within a call's two times: between them both answers are right.
package struct ReferenceModel {
    /// An instant of the server's clock, in ms, that lies between two that are known.
    struct Span {
        var from: Int64
        var to: Int64

        /// Whether it may have come when the call looked, and whether it surely had.
        func mayBeOver(_ call: RecordedCall) -> Bool { from <= call.latest }
        func isOver(_ call: RecordedCall) -> Bool { to <= call.earliest }

        /// So many ms after a call.
        init(_ call: RecordedCall, _ milliseconds: Int64) {
            (from, to) = (call.earliest + milliseconds, call.latest + milliseconds)
        }
    }

    /// Where a task is.
    enum Place {
        case ready
        case delayed(Span)
        case leased(token: String, Span)
    }

    /// A task that waits or runs.
    struct Task {
        let record: [UInt8]
        /// When it was published, by counting.
        let number: Int
        var place: Place
        var attempts: Int64 = 0
        /// The number that its last holder got.
        var fence: Int64?
        /// For how many ms its result is kept, 0 if nobody wants it, and of which run it is; nil if nothing is noted.
        var want: (keeping: Int64, run: String)?
        /// Why its current attempt is to stop; nil if it is not.
        var stop: String?
        /// Whether a claim may have found its lease ended, and has ended it then.
        var mayBeGone = false
    }

    /// A result, or the reason of a death.
    struct Result {
        var letter: Character
        var run: String
        var bytes: [UInt8]
        /// When it goes.
        var end: Span
    }

    /// The singleton.
    struct Singleton {
        var token = ""
        var attempts: Int64 = 0
        var fence: Int64?
        var end: Span?
        var due: Span?
    }

    var tasks: [String: Task] = [:]
    /// Ids of dead letters.
    var dead: Set<String> = []
    /// Ids that have finished, and until when they stay taken.
    var finished: [String: Span] = [:]
    var results: [String: Result] = [:]
    var singleton = Singleton()
    /// The answers to the last hundred calls of each process: its number, and the answer.
    private var answers: [String: (number: String, answer: String)] = [:]
    /// How many tasks were published.
    var published = 0
    /// The longest lease, in ms.
    var longest: Int64 = 0
    private var lastTime: Int64 = 0
    /// How many ms the clock may go backwards without a step: what a script reads first and what it reads later.
    private static let tolerance: Int64 = 5

    package init() {}

    /// The tasks that have not ended.
    package var unfinished: [String] { tasks.filter { !$0.value.mayBeGone }.keys.sorted() }

    /// Carries out a call.
    ///
    /// - Returns: what is wrong with the server's answer, in words.
    package mutating func apply(_ call: RecordedCall) -> [String] {
        noteTime(call)
        return switch call.script {
        case "publish": once(call) { $0.publish(call) }
        case "claim": claim(call, first: 0, reply: call.reply[...])
        case "claim_by_id": claimByID(call)
        case "claim_singleton": claimSingleton(call)
        case "renew": renew(call)
        case "finish": once(call) { $0.finish(call, last: call.arguments.count) }
        case "finish_and_claim": finishAndClaim(call)
        case "fail":
            // Behind its letters it may say that dead letters were removed for their bounds.
            once(call, answer: String(call.answer(0).prefix { $0 != "T" })) { $0.fail(call) }
        case "release": once(call) { $0.release(call) }
        case "cancel": once(call) { $0.cancel(call) }
        case "reschedule": once(call) { $0.reschedule(call) }
        case "singleton": once(call) { $0.change(call) }
        case "lookup": look(call)
        default: ["\(call.script) is no script that is written down"]
        }
    }

    /// When the server's clock was set back, the ends of leases are too far away, and are moved: not before the longest
    /// lease from then on. Everything else waits.
    private mutating func noteTime(_ call: RecordedCall) {
        defer { lastTime = call.after }
        guard call.earliest < lastTime - Self.tolerance else { return }
        let earliest = call.earliest + longest
        for (id, task) in tasks {
            guard case .leased(let token, var end) = task.place, end.from > earliest else { continue }
            end.from = earliest
            tasks[id]?.place = .leased(token: token, end)
        }
        if let end = singleton.end, end.from > earliest { singleton.end?.from = earliest }
    }

    /// A call with a number takes effect once: repeated, it gets the answer of its first delivery.
    ///
    /// - Parameter carryOut: carries it out; returns the answer that is right, and whether it changed anything.
    mutating func once(
        _ call: RecordedCall,
        answer: String? = nil,
        _ carryOut: (inout ReferenceModel) -> (answer: String, changes: Bool)
    ) -> [String] {
        let (process, number) = (call.text(0), call.text(1))
        let slot = "\(process) \(number.suffix(2))"
        let given = answer ?? call.answer(0)
        if call.text(2).hasPrefix("R"), let known = answers[slot], known.number == number {
            return known.answer == given ? [] : ["\(call.script) \(number) repeated: \(given), before \(known.answer)"]
        }
        let (right, changes) = carryOut(&self)
        if changes { answers[slot] = (number, right) }
        return right == given ? [] : ["\(call.script) \(describe(call)): answered \(given), right is \(right)"]
    }

    /// The arguments, without long ones.
    func describe(_ call: RecordedCall) -> String {
        (0..<min(call.arguments.count, 12)).map { call.text($0).prefix(40) }.joined(separator: " ")
    }

    /// Whether a task is leased by a claim.
    func isHeld(_ id: String, byNonce nonce: String) -> Bool {
        if case .leased(let token, _) = tasks[id]?.place { token.hasSuffix(":\(nonce)") } else { false }
    }

    /// Whether a task is leased under a token.
    func isHeld(_ id: String, by token: String) -> Bool {
        if case .leased(token, _) = tasks[id]?.place { true } else { false }
    }
}
