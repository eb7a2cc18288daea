import Bellows

/// What is reported about one task: on standard output, on standard error, and by the exit code.
struct TaskReport: Sendable {
    /// How it went.
    enum Outcome: Sendable {
        case published(PublishedTask.Disposition)
        case finished([UInt8])
        case failed(TaskAwaitError)
        /// Not even sent.
        case refused(String)
    }

    /// Nil for a task that was refused before it had one.
    let id: TaskID?
    let outcome: Outcome
    /// How safe it is, as far as that was asked for.
    var durability = PublishedTask.Durability.acknowledged

    /// What stands on standard output, its end included. A task without a result has an empty line or record.
    func output(_ format: ReportFormat) -> [UInt8] {
        if format == .json { return Array("\(jsonObject.text)\n".utf8) }
        let end = format == .zeroTerminated ? 0 : UInt8(ascii: "\n")
        switch outcome {
        case .published(.new), .published(.alreadyPublished), .published(.alreadyFinished):
            return Array((id?.rawValue ?? "").utf8) + [end]
        case .finished(let bytes): return format == .lines && bytes.last == end ? bytes : bytes + [end]
        case .published(.alreadyDead), .failed, .refused: return [end]
        }
    }

    /// Why there is no result; nil if all is well.
    var failure: CommandFailure? {
        switch outcome {
        case .published(.alreadyDead):
            CommandFailure(
                .failed,
                "a dead letter has this id, so nothing will run: see bellows dead list, then dead retry or dead delete"
            )
        case .published, .finished: nil
        case .failed(let error): CommandFailure(error)
        case .refused(let reason): CommandFailure(.failed, reason)
        }
    }

    /// What should be known although all is well; nil if there is nothing.
    var warning: String? {
        guard case .notReplicated(let count) = durability else { return nil }
        return "it is stored, and will run, but \(count) replicas are known to have it"
    }

    private var jsonObject: JSONText {
        var members: [(key: String, value: JSONText)] = [
            ("id", .optional(id?.rawValue)), ("outcome", .string(outcomeText)),
        ]
        if case .finished(let bytes) = outcome { members.append(JSONText.bytes("result", bytes)) }
        switch durability {
        case .acknowledged: break
        case .replicated(let count), .notReplicated(let count):
            members.append(("replicas", .number(count)))
            members.append(("replicated", .bool(warning == nil)))
        }
        if let failure { members.append(("error", .string(failure.message))) }
        return .object(members)
    }

    private var outcomeText: String {
        switch outcome {
        case .published(.new): "published"
        case .published(.alreadyPublished): "already_published"
        case .published(.alreadyDead): "already_dead"
        case .published(.alreadyFinished): "already_finished"
        case .finished: "finished"
        case .refused: "refused"
        case .failed(.timedOut): "timed_out"
        case .failed(.dead): "dead"
        case .failed(.taskCancelled): "cancelled"
        case .failed(.expired): "expired"
        case .failed(.unknown): "unknown"
        case .failed(.cancelled), .failed(.undecodable), .failed(.backend): "failed"
        }
    }
}

extension TaskReport {
    /// Waits for a result.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - run: the publish whose result is wanted; nil takes any run's.
    ///   - timeout: how long to wait.
    static func awaiting(
        _ id: TaskID,
        run: RunID?,
        in partitions: TaskPartitions,
        on backend: any Backend,
        timeout: Duration
    ) async -> TaskReport {
        do throws(TaskAwaitError) {
            let bytes = try await backend.awaitResult(
                of: id,
                run: run,
                in: partitions.partition(for: id),
                timeout: timeout
            )
            return TaskReport(id: id, outcome: .finished(bytes))
        } catch {
            return TaskReport(id: id, outcome: .failed(error))
        }
    }
}
