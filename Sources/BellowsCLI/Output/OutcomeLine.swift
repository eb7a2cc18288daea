import Bellows

/// What became of one task, as `bellows cancel` and `bellows reschedule` print it.
struct OutcomeLine {
    let id: TaskID
    let word: String

    /// Prints the line, or an object.
    func print(asJSON: Bool) async throws {
        let object = JSONText.object([("id", .string(id.rawValue)), ("outcome", .string(word))])
        try await ByteSink.standardOutput.print(asJSON ? object.text : "\(id) \(word)")
    }
}

extension CancelOutcome {
    /// As the command line prints it.
    var word: String {
        switch self {
        case .cancelled: "cancelled"
        case .requested: "requested"
        case .stillRunning: "still_running"
        case .finished: "finished"
        case .dead: "dead"
        case .unknown: "unknown"
        }
    }
}

extension ChangeOutcome {
    /// As the command line prints it.
    var word: String {
        switch self {
        case .done: "done"
        case .leased: "leased"
        case .changed: "changed"
        case .unknown: "unknown"
        }
    }
}
