import Bellows

/// One claim of the earliest tasks, as lua/claim.lua takes and answers it.
struct EarliestClaim: Sendable {
    /// Tasks at most.
    let count: Int
    /// The length of the leases.
    let lease: Duration
    /// What no other claim has.
    let nonce: String
    /// Whether the script notes the length of the lease.
    let isNoted: Bool
    /// Whether the process is woken when there is more.
    let waits: Bool

    /// What a script answers in place of a time, if a claimer of the definition has to know what we do not.
    static let needsMore: Int64 = -2

    /// Appends the arguments.
    ///
    /// - Parameter isRepeated: whether an earlier delivery may have taken tasks; they are found again by the nonce.
    func append(to command: inout RedisCommand, isRepeated: Bool) {
        command.append(Int64(count))
        command.append(lease.millisecondsRoundedUp)
        command.append(nonce)
        command.append((isRepeated ? "R" : "") + (isNoted ? "L" : "") + (waits ? "W" : ""))
    }

    /// Reads the answer.
    func read(_ parts: [RedisReply], name: TaskName) throws(BellowsError)
        -> (tasks: [ClaimedTask], next: ClaimOutcome.NextClaim)
    {
        guard parts.count % 3 == 2, let wait = parts[0].asNumber, let fence = parts[1].asNumber else {
            throw RedisReply.unexpected(from: .claim)
        }
        guard wait != Self.needsMore else { throw name.needsNewerClaimer }
        var tasks: [ClaimedTask] = []
        tasks.reserveCapacity(parts.count / 3)
        for start in stride(from: 2, to: parts.count, by: 3) {
            guard let id = parts[start].asText, let attempt = parts[start + 1].asNumber else {
                throw RedisReply.unexpected(from: .claim)
            }
            let lease = Lease(claimed: TaskID(unchecked: id), attempt, nonce, name: name, .published, lease)
            tasks.append(ClaimedTask(lease, attempt: attempt, fence: fence, stored: parts[start + 2].asBytes))
        }
        return (tasks, wait == 0 ? .now : wait < 0 ? .onSignal : .after(.milliseconds(wait)))
    }
}

extension Lease {
    /// A lease whose token is the attempt and the nonce of its claim.
    init(
        claimed id: TaskID,
        _ attempt: Int64,
        _ nonce: String,
        name: TaskName,
        _ kind: TaskKind,
        _ duration: Duration
    ) {
        let token = LeaseToken("\(attempt):\(nonce)")
        self.init(name: name, kind: kind, id: id, token: token, duration: duration)
    }
}

extension ClaimedTask {
    /// A task as it was stored. One that cannot be read says so.
    init(_ lease: Lease, attempt: Int64, fence: Int64, stored bytes: [UInt8]?) {
        let attempt = Int(clamping: attempt)
        guard lease.kind == .published else {
            self.init(lease: lease, attempt: attempt, fence: fence, record: TaskRecord(payload: []))
            return
        }
        do {
            self.init(lease: lease, attempt: attempt, fence: fence, record: try RecordCoder.decode(bytes ?? []))
        } catch {
            self.init(lease: lease, attempt: attempt, fence: fence, unreadable: error)
        }
    }
}

extension TaskName {
    /// The error for a definition with rules that this version does not know. It is not bypassed: that would break them.
    var needsNewerClaimer: BellowsError {
        BellowsError(
            .layoutMismatch,
            "\(self) has rules for claiming that this version does not know: its workers need a newer version of Bellows"
        )
    }
}
