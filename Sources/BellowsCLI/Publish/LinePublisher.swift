import Bellows
import DequeModule

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Publishes each line of standard input, and prints an id or a result for each, in the order of the input.
struct LinePublisher: Sendable {
    let backend: any Backend
    let partitions: TaskPartitions
    let options: PublishOptions
    /// How long to wait for each result from its publication; nil does not wait for results.
    let timeout: Duration?
    let format: ReportFormat

    /// At most this many tasks are published and not printed yet.
    static let window = 10_000
    /// Of so many that are to be printed next the results are fetched; each may be as large as a result can be.
    static let resultWindow = 16
    /// Short reports are written together up to this many bytes.
    private static let bytesPerWrite = 64 << 10

    private enum Event: Sendable {
        case input(ByteSource.Chunk)
        case report(TaskReport, number: Int)
    }

    /// A task whose result is wanted when it is its turn.
    private struct Awaited {
        let task: PublishedTask
        let number: Int
        /// Until when the result is waited for.
        let deadline: ContinuousClock.Instant
    }

    /// What has come so far; used from one task only.
    private struct Progress {
        var batches = PublishBatches()
        var splitter: LineSplitter
        var order = OrderedBuffer<TaskReport>()
        /// Published, and not waited for yet.
        var awaited: Deque<Awaited> = []
        var isReading = false
        var isAtEnd = false
        var inFlight = 0
        var printed = 0
        var status = ProgramStatus.success
        /// Ends the publishing; what is in flight is still awaited.
        var fatal: CommandFailure?
        var line = ProgressLine()
    }

    /// Runs until the input has ended and everything is printed.
    ///
    /// - Returns: the exit code that the failed tasks make.
    /// - Throws: ``CommandFailure`` if the input, the output or the store failed.
    func run() async throws -> ProgramStatus {
        let source = ByteSource(descriptor: STDIN_FILENO)
        return try await withThrowingTaskGroup(of: Event.self) { group in
            var progress = Progress(splitter: LineSplitter(limit: backend.limits.payload))
            do {
                try await loop(source, &progress, &group)
                await progress.line.clear()
            } catch {
                // A read may wait for ever; nobody needs what it brings.
                group.cancelAll()
                await progress.line.clear()
                throw error
            }
            if let fatal = progress.fatal { throw fatal }
            return progress.status
        }
    }

    private func loop(
        _ source: ByteSource,
        _ progress: inout Progress,
        _ group: inout ThrowingTaskGroup<Event, any Error>
    ) async throws {
        while true {
            try await publish(&progress)
            awaitResults(&progress, &group)
            if progress.batches.count == 0, !progress.isReading, !progress.isAtEnd, progress.fatal == nil {
                progress.isReading = true
                group.addTask { .input(await source.next()) }
            }
            guard let event = try await group.next() else { return }
            switch event {
            case .input(let chunk): take(chunk, &progress)
            case .report(let report, let number): try await finish(report, number, &progress)
            }
            await progress.line.update(done: progress.printed, left: progress.inFlight + progress.batches.count)
        }
    }

    private func take(_ chunk: ByteSource.Chunk, _ progress: inout Progress) {
        progress.isReading = false
        switch chunk {
        case .bytes(let bytes): progress.batches.append(progress.splitter.append(bytes))
        case .end: progress.isAtEnd = true
        case .failed(let number):
            progress.isAtEnd = true
            progress.fatal = CommandFailure(.usage, "cannot read standard input: \(String(cString: strerror(number)))")
        }
        if progress.isAtEnd, let last = progress.splitter.finish() { progress.batches.append([last]) }
    }

    /// Publishes as much as there is and fits.
    private func publish(_ progress: inout Progress) async throws {
        while progress.fatal == nil, let step = progress.batches.next(room: Self.window - progress.inFlight) {
            switch step {
            case .refuse(let size, let number):
                let error = BellowsError.payloadTooLarge(size: size, limit: backend.limits.payload)
                progress.inFlight += 1
                try await finish(
                    TaskReport(id: nil, outcome: .refused("line \(number + 1): \(error)")),
                    number,
                    &progress
                )
            case .publish(let payloads, let first):
                let requests = payloads.map { PublishRequest(payload: $0, options: options) }
                for (offset, outcome) in await backend.publish(contentsOf: requests, to: partitions).enumerated() {
                    do {
                        let task = try outcome.get()
                        progress.inFlight += 1
                        try await published(task, first + offset, &progress)
                    } catch let error as BellowsError {
                        // The others of the same list may be stored all the same, and their ids are printed.
                        progress.fatal = progress.fatal ?? CommandFailure(error)
                        try await finish(nil, first + offset, &progress)
                    }
                }
            }
        }
    }

    private func published(_ task: PublishedTask, _ number: Int, _ progress: inout Progress) async throws {
        if let timeout {
            progress.awaited.append(Awaited(task: task, number: number, deadline: .now + timeout))
        } else {
            let report = TaskReport(id: task.id, outcome: .published(task.disposition), durability: task.durability)
            try await finish(report, number, &progress)
        }
    }

    /// Waits for the results whose turn comes soon. The others are safe in the store meanwhile: results that have come
    /// before their turn would take as much memory as they like.
    private func awaitResults(_ progress: inout Progress, _ group: inout ThrowingTaskGroup<Event, any Error>) {
        while let next = progress.awaited.first, next.number < progress.order.next + Self.resultWindow {
            progress.awaited.removeFirst()
            group.addTask { [backend, partitions] in
                var report = await TaskReport.awaiting(
                    next.task.id,
                    run: next.task.run,
                    in: partitions,
                    on: backend,
                    timeout: max(.zero, next.deadline - .now)
                )
                report.durability = next.task.durability
                return .report(report, number: next.number)
            }
        }
    }

    /// Prints the reports whose turn it is.
    ///
    /// - Parameter report: nil for a line whose task could not be published.
    private func finish(_ report: TaskReport?, _ number: Int, _ progress: inout Progress) async throws {
        let ready = progress.order.insert(report, at: number)
        guard !ready.isEmpty else { return }
        progress.inFlight -= ready.count
        progress.printed += ready.count
        if ByteSink.standardOutput.isTerminal || ready.contains(where: { $0.failure != nil }) {
            await progress.line.clear()
        }
        for report in ready {
            if let warning = report.warning, format != .json {
                await ByteSink.standardError.say("\(report.id.map { "\($0): " } ?? "")\(warning)")
            }
            if let failure = report.failure {
                progress.status = progress.status.combined(with: failure.status)
                if format != .json {
                    let subject = report.id.map { "\($0): " } ?? ""
                    await ByteSink.standardError.say(subject + ErrorText.sanitize(failure.message))
                }
            }
        }
        var bytes: [UInt8] = []
        for report in ready {
            let output = report.output(format)
            if bytes.count + output.count > Self.bytesPerWrite {
                try await ByteSink.standardOutput.write(bytes)
                bytes = []
            }
            bytes += output
        }
        try await ByteSink.standardOutput.write(bytes)
    }
}

extension ProgramStatus {
    /// The exit code of a run in which several tasks failed: a store that failed counts most, then a time-out.
    func combined(with other: ProgramStatus) -> ProgramStatus {
        let order: [ProgramStatus] = [.success, .failed, .usage, .timedOut, .unavailable]
        let ranks = [self, other].map { order.firstIndex(of: $0) ?? 0 }
        return order[max(ranks[0], ranks[1])]
    }
}
