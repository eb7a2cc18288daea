import Bellows
import DequeModule

/// Commands and their replies: the n-th reply belongs to the n-th command.
struct CommandHandler: ChannelHandler {
    /// Deadlines are looked at this often at most.
    private static let granularity: Duration = .milliseconds(50)

    private let queue: CommandQueue
    private let onEvent: @Sendable (ConnectionEvent) -> Void
    /// Commands that were handed to the output, oldest first.
    private var pending: Deque<PendingCommand> = []
    private var batch: [PendingCommand] = []
    /// Where the last command ends in the stream of this connection.
    private var end = 0
    /// No pending command has an earlier deadline.
    private var earliestPending: ContinuousClock.Instant?
    private var earliestWaiting: ContinuousClock.Instant?
    private var lastCheck: ContinuousClock.Instant?
    private var lastProblem = "not connected yet"
    private var isReady = false

    init(queue: CommandQueue, onEvent: @escaping @Sendable (ConnectionEvent) -> Void) {
        self.queue = queue
        self.onEvent = onEvent
    }

    var bringsSignals: Bool { false }
    var expectsAnswer: Bool { !pending.isEmpty }

    var nextDeadline: ContinuousClock.Instant? {
        guard var next = earliestPending ?? earliestWaiting else { return nil }
        if let earliestWaiting, earliestWaiting < next { next = earliestWaiting }
        guard let lastCheck else { return next }
        return max(next, lastCheck + Self.granularity)
    }

    mutating func takeOver(_ output: inout OutputBuffer) {
        takeOver(queue.takeSentByCallers(), &output)
    }

    private mutating func takeOver(_ commands: [PendingCommand], _ output: inout OutputBuffer) {
        for command in commands {
            output.markSentByOthers(command.byteCount)
            append(command)
            earliestPending = earliestPending.map { min($0, command.deadline) } ?? command.deadline
        }
    }

    mutating func offer(_ descriptor: Int32) {
        guard pending.isEmpty, isReady else { return }
        queue.offer(descriptor)
    }

    mutating func connectionEnds() {
        queue.withdraw()
    }

    private mutating func append(_ command: PendingCommand) {
        var command = command
        end += command.byteCount
        command.end = end
        pending.append(command)
    }

    mutating func connectionBegan(sent: Int, now: ContinuousClock.Instant) {
        end = sent
        isReady = true
    }

    mutating func takeNews(now: ContinuousClock.Instant) {
        earliestWaiting = queue.leaveWaiting()
    }

    mutating func fill(_ output: inout OutputBuffer, now: ContinuousClock.Instant) {
        guard output.isEmpty else { return takeNews(now: now) }
        var taken = CommandQueue.Taken()
        output.refill { bytes in taken = queue.take(&bytes, &batch) }
        takeOver(taken.sentByCallers, &output)
        output.markSent(taken.partlySent)
        earliestWaiting = nil
        guard !batch.isEmpty else { return }
        for command in batch { append(command) }
        batch.removeAll(keepingCapacity: true)
        if let earliest = taken.earliest { earliestPending = earliestPending.map { min($0, earliest) } ?? earliest }
    }

    mutating func received(_ reply: RedisReply, sent: Int, now: ContinuousClock.Instant) -> ReplyVerdict {
        guard !pending.isEmpty else { return .violation("a reply without a command") }
        if pending[0].owesAskingReply {
            pending[0].owesAskingReply = false
            return .accepted
        }
        guard pending[0].end <= sent else { return .violation("a reply without a command") }
        let command = pending.removeFirst()
        if pending.isEmpty { earliestPending = nil }
        command.completion(.success(reply))
        return .accepted
    }

    mutating func expire(now: ContinuousClock.Instant) -> String? {
        guard let next = nextDeadline, next <= now else { return nil }
        lastCheck = now
        let problem = isReady ? "the connection to Redis is congested" : lastProblem
        for command in queue.takeExpired(now: now) { command.completion(.failure(.notSent(problem))) }
        earliestWaiting = queue.leaveWaiting()
        earliestPending = pending.lazy.map(\.deadline).min()
        guard let earliestPending, earliestPending <= now else { return nil }
        return "Redis has not answered in time"
    }

    /// What was sent whole may have been executed. The rest was not, and waits for the next connection.
    mutating func connectionEnded(_ reason: String, output: OutputBuffer) {
        guard isReady else { return }
        isReady = false
        lastProblem = reason
        let all = pending
        pending = []
        earliestPending = nil
        var unsent = Array(all.drop { $0.end <= output.sent })
        for index in unsent.indices { unsent[index].owesAskingReply = unsent[index].isAsking }
        if let first = unsent.first { queue.putBack(output.bytes(from: first.end - first.byteCount), unsent) }
        for command in all where command.end <= output.sent {
            command.completion(.failure(.outcomeUnknown(reason)))
        }
    }

    mutating func report(_ event: ConnectionEvent) {
        switch event {
        case .ready, .lost: break
        case .failed(let error):
            lastProblem = error.message
            if !error.isRetryable {
                failWaiting(.refused(code: error.code, message: error.message), closing: false)
            }
        case .closed: failWaiting(.closed, closing: true)
        }
        onEvent(event)
    }

    private mutating func failWaiting(_ failure: CommandFailure, closing: Bool) {
        for command in queue.takeAll(closing: closing) { command.completion(.failure(failure)) }
        earliestWaiting = nil
    }
}
