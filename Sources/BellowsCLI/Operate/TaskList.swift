import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `bellows tasks` prints: a line for each task, as it comes.
struct TaskList {
    /// Wide enough for an id that the library made; longer ones push the rest of their line to the right.
    private static let widths = [26, 7, 7, 20, 8, 8]

    let isJSON: Bool
    /// How many tasks were printed.
    private(set) var count = 0

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    /// Prints tasks.
    mutating func print(_ tasks: [TaskSummary]) async throws {
        if !isJSON, count == 0, !tasks.isEmpty {
            try await printLine(["ID", "STATE", "ATTEMPT", "UNTIL", "SIZE", "AGE", "LAST ERROR"])
        }
        for task in tasks {
            if isJSON {
                try await ByteSink.standardOutput.print(Self.object(task).text)
            } else {
                try await printLine(Self.row(task, now: Date()))
            }
        }
        count += tasks.count
    }

    /// Says how to go on.
    func end(next: PageCursor?, isApproximate: Bool) async throws {
        if isApproximate {
            await ByteSink.standardError.say("bellows: so many were taken meanwhile that some may be missing here")
        }
        guard let next else { return }
        if isJSON {
            try await ByteSink.standardOutput.print(JSONText.object([("next", .string("\(next)"))]).text)
        } else {
            try await ByteSink.standardOutput.print("there may be more: --after \(next)")
        }
    }

    private func printLine(_ cells: [String]) async throws {
        let padded = cells.enumerated().map { column, cell in
            column < Self.widths.count
                ? cell + String(repeating: " ", count: max(0, Self.widths[column] - cell.unicodeScalars.count)) : cell
        }
        var line = padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        try await ByteSink.standardOutput.print(line)
    }

    private static func row(_ task: TaskSummary, now: Date) -> [String] {
        let until = task.due ?? task.leaseEnd ?? task.died
        let age = task.published.map { DurationText.text(.seconds(max(0, now.timeIntervalSince($0)))) }
        return [
            task.id.rawValue, task.state.rawValue, String(task.attempt), until.map(Timestamp.text(from:)) ?? "-",
            String(task.recordSize), age ?? "-", task.lastError.map(ErrorText.sanitize) ?? "",
        ]
    }

    private static func object(_ task: TaskSummary) -> JSONText {
        .object([
            ("id", .string(task.id.rawValue)),
            ("state", .string(task.state.rawValue)),
            ("attempt", .number(task.attempt)),
            ("due", .optional(task.due.map(Timestamp.text(from:)))),
            ("lease", .optional(task.leaseEnd.map(Timestamp.text(from:)))),
            ("died", .optional(task.died.map(Timestamp.text(from:)))),
            ("published_at", .optional(task.published.map(Timestamp.text(from:)))),
            ("size", .number(task.recordSize)),
            ("process", .optional(task.holder?.rawValue)),
            ("last_error", .optional(task.lastError)),
        ])
    }
}
