import Bellows
import Synchronization

/// One client that performs random operations on a backend and notes what it saw.
struct HistoryClient {
    let backend: any Backend
    let name: TaskName
    /// A singleton that the clients fight for.
    let singleton: TaskName
    let lease: Duration
    /// What all clients of a run share.
    let journal: HistoryJournal
    var generator: any RandomNumberGenerator & Sendable

    private static let sharedPrefix = "shared-"

    /// Leases that may still be ours.
    private var held: [Lease] = []
    /// Leases that should be of no use any more.
    private var old: [Lease] = []
    /// Tasks whose publisher asked for a result and was told that they are there.
    private(set) var wanted: [TaskID] = []
    /// Runs of the singleton that may still be ours, or should be of no use any more.
    private var runs: [Lease] = []

    init(
        backend: any Backend,
        name: TaskName,
        singleton: TaskName,
        lease: Duration,
        journal: HistoryJournal,
        generator: any RandomNumberGenerator & Sendable
    ) {
        (self.backend, self.name, self.singleton) = (backend, name, singleton)
        (self.lease, self.journal) = (lease, journal)
        self.generator = generator
    }

    private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// Performs one random operation, and thinks a little.
    mutating func act() async {
        // Cut short when the run ends.
        try? await Task.sleep(for: .microseconds(number(0..<4000)))
        switch number(0..<100) {
        case 0..<30: await publish()
        case 30..<55: await claim(count: number(1..<6))
        case 55..<63: await renew(pick())
        case 63..<83: await finish(pick(), nextRun: number(0..<8) == 0 ? .milliseconds(number(0..<200)) : nil)
        case 83..<90: await fail(pick(), retry: number(0..<3) == 0 ? nil : .milliseconds(number(0..<300)))
        case 90..<93: await release(pick())
        case 93..<95: await fightForTheSingleton()
        case 95..<97: await cancel()
        case 97: await reschedule()
        default: await look()
        }
    }

    /// Claims and finishes until nothing is left.
    mutating func finishAll(until isOver: () async -> Bool) async {
        while await !isOver() {
            await claim(count: 50)
            for lease in held { await finish(lease, nextRun: nil) }
            held = []
        }
    }

    /// A lease that we hold, or now and then one that we should not hold any more.
    private mutating func pick() -> Lease? {
        if number(0..<8) == 0, let stale = old.randomElement(using: &generator) { return stale }
        guard !held.isEmpty else { return nil }
        let lease = held.remove(at: number(0..<held.count))
        // Some are forgotten, as if their holder had died.
        if number(0..<10) == 0 { return nil }
        return lease
    }

    private mutating func retire(_ lease: Lease) {
        old.append(lease)
        if old.count > 50 { old.removeFirst() }
    }

    private mutating func publish() async {
        var options = PublishOptions()
        let delay: Duration = number(0..<3) == 0 ? .milliseconds(number(1..<500)) : .zero
        if delay > .zero { options.availability = .after(delay) }
        let isGiven = number(0..<4) == 0
        if isGiven {
            // Several clients publish the same few ids at about the same time.
            options.id = TaskID(
                unchecked: "\(Self.sharedPrefix)\(Int(journal.now / .milliseconds(250)))-\(number(0..<4))"
            )
        }
        if number(0..<3) == 0 { options.resultRetention = .seconds(600) }
        let start = journal.now
        do {
            let published = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)[0]
            if options.resultRetention != nil, published.disposition != .alreadyFinished {
                wanted.append(published.id)
            }
            let isNew = published.disposition == .new
            journal.note(start, .publish(published.id, delay: delay, isGiven: isGiven, isNew: isNew))
        } catch {
            if let id = options.id { journal.note(start, .publish(id, delay: delay, isGiven: true, isNew: nil)) }
        }
    }

    private mutating func claim(count: Int) async {
        let start = journal.now
        do {
            let request = ClaimRequest(name: name, selection: .earliest(count), lease: lease)
            guard case .claimed(let tasks, _) = try await backend.claim(request) else { return }
            for task in tasks {
                journal.note(start, .claim(task.id, task.lease.token, attempt: task.attempt))
                held.append(task.lease)
            }
        } catch {
            journal.note(start, .claimUnknown(count: count))
        }
    }

    private mutating func renew(_ lease: Lease?) async {
        guard let lease else { return }
        let start = journal.now
        let outcome = await outcome { try await backend.renew([lease], in: name) }
        journal.note(start, .renew(lease.id, lease.token, outcome))
        if outcome == .refused { retire(lease) } else { held.append(lease) }
    }

    private mutating func finish(_ lease: Lease?, nextRun: Duration?) async {
        guard let lease else { return }
        let result = Array("\(lease.id) \(lease.token)".utf8)
        let request = FinishRequest(
            lease: lease,
            result: result,
            nextRun: nextRun.map { .after($0) },
            deduplicationWindow: lease.id.rawValue.hasPrefix(Self.sharedPrefix) ? .seconds(3600) : nil
        )
        let start = journal.now
        let outcome = await outcome { try await backend.finish([request], in: name) }
        journal.note(start, .finish(lease.id, lease.token, nextRun: nextRun, result: result, outcome))
        retire(lease)
    }

    private mutating func fail(_ lease: Lease?, retry: Duration?) async {
        guard let lease else { return }
        let disposition: FailRequest.Disposition = retry.map { .retry(.after($0)) } ?? .dead
        let start = journal.now
        let outcome = await outcome {
            try await backend.fail([FailRequest(lease: lease, disposition: disposition, error: "no")], in: name)
        }
        journal.note(start, .fail(lease.id, lease.token, retry: retry, outcome))
        retire(lease)
    }

    private mutating func release(_ lease: Lease?) async {
        guard let lease else { return }
        let start = journal.now
        // Half of them at once.
        let delay = Duration.milliseconds(max(0, number(-100..<100)))
        let outcome = await outcome { try await backend.release([lease], in: name, after: delay) }
        journal.note(start, .release(lease.id, lease.token, after: delay, outcome))
        retire(lease)
    }

    /// Claims the singleton, or does something with a run that may be over.
    private mutating func fightForTheSingleton() async {
        let start = journal.now
        guard let run = runs.isEmpty || number(0..<3) == 0 ? nil : runs.randomElement(using: &generator) else {
            // Nothing is learned from an error: a run that was taken all the same ends with its lease.
            let request = ClaimRequest(name: singleton, selection: .singleton, lease: lease)
            guard case .claimed(let tasks, _)? = try? await backend.claim(request), let task = tasks.first else {
                return
            }
            journal.note(start, .claim(task.id, task.lease.token, attempt: task.attempt))
            runs = runs.suffix(2) + [task.lease]
            return
        }
        let (id, token, wait) = (run.id, run.token, Duration.milliseconds(number(0..<200)))
        switch number(0..<4) {
        case 0: journal.note(start, .renew(id, token, await outcome { try await backend.renew([run], in: singleton) }))
        case 1:
            let request = FinishRequest(lease: run, result: [], nextRun: .after(wait))
            let outcome = await outcome { try await backend.finish([request], in: singleton) }
            journal.note(start, .finish(id, token, nextRun: wait, result: [], outcome))
        case 2:
            let request = FailRequest(lease: run, disposition: .retry(.after(wait)), error: "no")
            let outcome = await outcome { try await backend.fail([request], in: singleton) }
            journal.note(start, .fail(id, token, retry: wait, outcome))
        default:
            let outcome = await outcome { try await backend.release([run], in: singleton, after: wait) }
            journal.note(start, .release(id, token, after: wait, outcome))
        }
    }

    /// Notes for each task whether the result that was asked for is there.
    func lookFinally(for ids: [TaskID], in name: TaskName) async {
        for start in stride(from: 0, to: ids.count, by: 100) {
            let part = Array(ids[start..<min(start + 100, ids.count)])
            let began = journal.now
            // What cannot be looked up says nothing.
            guard let found = try? await backend.result(of: part.map { ResultQuery(id: $0) }, in: name) else {
                continue
            }
            for (id, lookup) in zip(part, found) {
                let isThere =
                    switch lookup {
                    case .finished, .dead, .cancelled: true
                    default: false
                    }
                journal.note(began, .finalLook(id, isThere: isThere))
            }
        }
    }

    /// Cancels a task that we hold, have asked for, or that several clients publish.
    private mutating func cancel() async {
        guard let managing = backend.capability((any BackendManaging).self) else { return }
        let shared = TaskID(
            unchecked: "\(Self.sharedPrefix)\(Int(journal.now / .milliseconds(250)))-\(number(0..<4))"
        )
        let ids = [held.randomElement(using: &generator)?.id, wanted.last, shared].compactMap(\.self)
        let id = ids[number(0..<ids.count)]
        let start = journal.now
        let outcome = try? await managing.cancel([id], in: name, reason: "cancelled at \(start)").first
        journal.note(start, .cancel(id, outcome))
    }

    /// Moves a task that waits to a time not far away. The history learns nothing of it: what is moved is due between then
    /// and the next look, and the server's own account is judged.
    private mutating func reschedule() async {
        guard let managing = backend.capability((any BackendManaging).self), let id = wanted.last else { return }
        let availability = Availability.after(.milliseconds(number(0..<300)))
        let start = journal.now
        let outcome = try? await managing.reschedule([id], in: name, to: availability).first
        if outcome != .leased, outcome != .unknown { journal.note(start, .reschedule(id)) }
    }

    private mutating func look() async {
        guard let id = wanted.randomElement(using: &generator) else { return }
        let start = journal.now
        // Nothing is learned from an error.
        guard case .finished(let bytes)? = try? await backend.result(of: [ResultQuery(id: id)], in: name).first else {
            return
        }
        journal.note(start, .result(id, bytes))
    }

    private func outcome(_ call: () async throws -> [LeaseOutcome]) async -> HistoryEvent.Outcome {
        do {
            let answer = try await call().first
            return answer == nil || answer == .leaseLost ? .refused : .done
        } catch {
            return .unknown
        }
    }
}
