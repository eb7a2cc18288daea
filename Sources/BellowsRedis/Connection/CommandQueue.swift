import Synchronization

/// Commands on their way from any thread to the event loop, as one buffer of bytes.
final class CommandQueue: Sendable {
    /// How much is taken.
    struct Limits: Sendable {
        /// More commands than this are not kept waiting.
        var count = 10_000
        /// More bytes than this are not kept waiting, unless it is a single command.
        var bytes = 64 << 20
        /// A larger command is not taken at all: the largest payload, and room for what goes with it.
        var commandBytes = 72 << 20
    }

    fileprivate struct State {
        var bytes: [UInt8] = []
        var commands: [PendingCommand] = []
        /// No command here has an earlier deadline. It may be that none has this one any more.
        var earliest: ContinuousClock.Instant?
        /// Whether the event loop would take commands at once.
        var isHungry = false
        /// Whether the event loop was woken to look.
        var hasNews = false
        var isClosed = false
        /// The socket of a connection that owes nothing and has nothing to send: the first caller may write to it.
        var idleSocket: Int32 = -1
        /// What callers have written themselves, until the event loop hears of it.
        var sentByCallers: [PendingCommand] = []
        /// How much of the first waiting command was written by its caller, because the socket took no more.
        var partlySent = 0
        /// How many callers are handing in commands that have to go out together.
        var holds = 0
    }

    private let state = Mutex(State())
    private let limits: Limits

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// A larger command is left to the event loop, which can wait until the socket takes all of it.
    fileprivate static let mostBytesByCaller = 16 << 10

    /// Whether the next command is written by its caller.
    var isIdle: Bool { state.withLock { $0.idleSocket >= 0 } }

    /// Lets the next caller write to a socket that is idle. It saves the time in which this thread wakes up.
    func offer(_ socket: Int32) {
        state.withLock { state in
            if state.commands.isEmpty, state.isHungry { state.idleSocket = socket }
        }
    }

    /// Lets nobody write to the socket any more. Afterwards it can be closed.
    func withdraw() {
        state.withLock { state in
            state.idleSocket = -1
            state.partlySent = 0
        }
    }

    /// Keeps everything back until ``release()``, so that what comes in between goes out together.
    func hold() {
        state.withLock { $0.holds += 1 }
    }

    /// Ends a ``hold()``.
    ///
    /// - Returns: whether the event loop has to be woken.
    func release() -> Bool {
        state.withLock { state in
            state.holds -= 1
            guard state.holds == 0, !state.commands.isEmpty, !state.hasNews else { return false }
            state.hasNews = true
            return true
        }
    }

    /// Takes no more commands. Those that wait are failed by the event loop.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.idleSocket = -1
        }
    }

    /// Takes over what callers have written.
    func takeSentByCallers() -> [PendingCommand] {
        state.withLock { state in
            guard !state.sentByCallers.isEmpty else { return [] }
            defer { state.sentByCallers = [] }
            return state.sentByCallers
        }
    }

    /// What became of a command that was handed in.
    enum Admission {
        case taken(mustWake: Bool)
        case failed(CommandFailure)
    }

    /// Takes a command in. It is formatted before the lock is taken.
    ///
    /// - Parameter isAsking: puts ASKING in front of it. It counts for the next command only, so that the two are one
    ///   here, and have one reply.
    func admit(
        _ command: RedisCommand,
        isAsking: Bool = false,
        deadline: ContinuousClock.Instant,
        _ completion: @escaping PendingCommand.Completion
    ) -> Admission {
        guard command.byteCount <= limits.commandBytes else { return .failed(.tooLarge(command.byteCount)) }
        var admission = Admission.failed(.tooLarge(command.byteCount))
        _ = HiredisDriver.withFormatted(command) { formatted in
            guard isAsking else {
                admission = state.withLock { $0.append(formatted, limits, deadline, completion) }
                return
            }
            (Self.asking + Array(formatted)).withUnsafeBytes { both in
                admission = state.withLock { $0.append(both, limits, deadline, isAsking: true, completion) }
            }
        }
        return admission
    }

    private static let asking = Array("*1\r\n$6\r\nASKING\r\n".utf8)

    /// What ``take(_:_:)`` took out beside the commands.
    struct Taken {
        /// What callers have written before these commands came.
        var sentByCallers: [PendingCommand] = []
        /// How many of the bytes were sent already.
        var partlySent = 0
        /// When the first of the commands runs out of time.
        var earliest: ContinuousClock.Instant?
    }

    /// Exchanges the waiting commands for two empty buffers.
    func take(_ bytes: inout [UInt8], _ commands: inout [PendingCommand]) -> Taken {
        state.withLock { state in
            state.hasNews = false
            state.isHungry = true
            // In one step with the commands: what was written by its caller comes before them.
            var taken = Taken(sentByCallers: state.sentByCallers)
            if !state.sentByCallers.isEmpty { state.sentByCallers = [] }
            guard !state.commands.isEmpty, state.holds == 0 else { return taken }
            state.idleSocket = -1
            swap(&bytes, &state.bytes)
            swap(&commands, &state.commands)
            (taken.partlySent, taken.earliest) = (state.partlySent, state.earliest)
            (state.partlySent, state.earliest) = (0, nil)
            return taken
        }
    }

    /// Notes that commands have to wait. Returns when the first of them may run out of time.
    func leaveWaiting() -> ContinuousClock.Instant? {
        state.withLock { state in
            state.hasNews = false
            state.isHungry = false
            return state.earliest
        }
    }

    /// Puts commands back that were not sent, in front of the others.
    func putBack(_ bytes: ArraySlice<UInt8>, _ commands: [PendingCommand]) {
        state.withLock { state in
            state.bytes.insert(contentsOf: bytes, at: 0)
            state.commands.insert(contentsOf: commands, at: 0)
            state.earliest = state.commands.lazy.map(\.deadline).min()
        }
    }

    /// Takes out the commands whose time is up.
    func takeExpired(now: ContinuousClock.Instant) -> [PendingCommand] {
        state.withLock { state in
            guard let earliest = state.earliest, earliest <= now else { return [] }
            return state.removeExpired(now: now)
        }
    }

    /// Takes all commands out. If the queue is closed for good, no more come in.
    func takeAll(closing: Bool) -> [PendingCommand] {
        state.withLock { state in
            defer {
                state.commands = []
                state.bytes = []
                state.earliest = nil
            }
            if closing { state.isClosed = true }
            return state.commands
        }
    }
}

extension CommandQueue.State {
    fileprivate mutating func append(
        _ formatted: UnsafeRawBufferPointer,
        _ limits: CommandQueue.Limits,
        _ deadline: ContinuousClock.Instant,
        isAsking: Bool = false,
        _ completion: @escaping PendingCommand.Completion
    ) -> CommandQueue.Admission {
        guard !isClosed else { return .failed(.closed) }
        guard commands.count < limits.count,
            commands.isEmpty || bytes.count + formatted.count <= limits.bytes
        else { return .failed(.notSent("the buffer of commands that wait for Redis is full")) }
        var command = PendingCommand(deadline: deadline, byteCount: formatted.count, completion: completion)
        (command.isAsking, command.owesAskingReply) = (isAsking, isAsking)
        if idleSocket >= 0, holds == 0, commands.isEmpty, formatted.count <= CommandQueue.mostBytesByCaller,
            send(formatted, command)
        {
            hasNews = true
            return .taken(mustWake: true)
        }
        bytes.append(contentsOf: formatted)
        commands.append(command)
        let isEarlier = earliest.map { deadline < $0 } ?? true
        if isEarlier { earliest = deadline }
        // A thread that cannot take commands has to know only when to give them up.
        guard !hasNews, isHungry || isEarlier else { return .taken(mustWake: false) }
        hasNews = true
        return .taken(mustWake: true)
    }

    /// Writes a command to the idle socket, which is none any more.
    ///
    /// - Returns: whether the socket took all of it.
    private mutating func send(_ formatted: UnsafeRawBufferPointer, _ command: PendingCommand) -> Bool {
        defer { idleSocket = -1 }
        // If the connection is broken, the event loop will find out.
        guard case .moved(let count) = Socket.send(idleSocket, formatted) else { return false }
        guard count == formatted.count else {
            partlySent = count
            return false
        }
        sentByCallers.append(command)
        return true
    }

    fileprivate mutating func removeExpired(now: ContinuousClock.Instant) -> [PendingCommand] {
        // A command of which a part was sent cannot be taken back; its connection gives it up.
        guard partlySent == 0 else { return [] }
        var expired: [PendingCommand] = []
        var kept: [PendingCommand] = []
        var keptBytes: [UInt8] = []
        var start = 0
        for command in commands {
            if command.deadline <= now {
                expired.append(command)
            } else {
                kept.append(command)
                keptBytes.append(contentsOf: bytes[start..<start + command.byteCount])
            }
            start += command.byteCount
        }
        earliest = kept.lazy.map(\.deadline).min()
        (commands, bytes) = (kept, expired.isEmpty ? bytes : keptBytes)
        return expired
    }
}
