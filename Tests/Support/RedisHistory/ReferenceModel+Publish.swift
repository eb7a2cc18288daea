extension ReferenceModel {
    /// Process, number, flags, then for each task: id, options, record.
    mutating func publish(_ call: RecordedCall) -> (answer: String, changes: Bool) {
        var answer = ""
        var new: [(id: String, task: Task)] = []
        for (index, first) in stride(from: 3, to: call.arguments.count, by: 3).enumerated() {
            let id = call.text(first)
            // Given by the caller, delay, how long a result is kept.
            let options = call.text(first + 1).split(separator: ",").prefix(3).compactMap { Int64($0) }
            let isGiven = options.first == 1
            let (delay, keeping) = options.count == 3 ? (options[1], options[2]) : (0, 0)
            let run = "\(call.text(0))-\(call.text(1))-\(index)"
            if tasks[id]?.mayBeGone == true, call.answer(0).dropFirst(answer.count).first == "N" { cancelled(id, call) }
            if isGiven, let old = tasks[id] {
                answer += "E"
                if keeping > 0 { tasks[id]?.want = (max(keeping, old.want?.keeping ?? 0), old.want?.run ?? "-") }
            } else if isGiven, dead.contains(id) {
                answer += "X"
            } else if isGiven, let taken = finished[id], !taken.mayBeOver(call) {
                answer += "F"
            } else {
                answer += "N"
                published += 1
                var task = Task(
                    record: call.arguments[first + 2],
                    number: published,
                    place: delay > 0 ? .delayed(Span(call, delay)) : .ready
                )
                if isGiven || keeping > 0 { task.want = (keeping, run) }
                new.append((id, task))
            }
        }
        // All of one call at once.
        for (id, task) in new {
            tasks[id] = task
            results[id] = nil
            finished[id] = nil
        }
        return (answer, !new.isEmpty)
    }

    /// Process, how long to keep a result that comes later, then for each task: id, run. Answers a letter and bytes.
    mutating func look(_ call: RecordedCall) -> [String] {
        var problems: [String] = []
        for (index, first) in stride(from: 2, to: call.arguments.count, by: 2).enumerated() {
            let (id, asked) = (call.text(first), call.text(first + 1))
            let letter = call.answer(2 * index)
            // Too much for one answer.
            if letter == "R" { continue }
            var right = "U"
            if tasks[id]?.mayBeGone == true {
                if letter == "P" { tasks[id]?.mayBeGone = false } else { cancelled(id, call) }
            }
            if let result = results[id], result.end.isOver(call) || (result.end.mayBeOver(call) && letter == "U") {
                results[id] = nil
            }
            let task = tasks[id]
            let run = task?.want.map(\.run) ?? (asked.isEmpty ? "-" : asked)
            if let result = results[id] {
                // That of another run hides whatever else is known of the id.
                guard asked.isEmpty || result.run == "-" || result.run == asked else {
                    if letter != "U" { problems.append("result of \(id): answered \(letter) for another run") }
                    continue
                }
                right = String(result.letter)
                if call.reply.count <= 2 * index + 1 || call.reply[2 * index + 1] != result.bytes {
                    problems.append("result of \(id): \(call.answer(2 * index + 1)), not what was stored")
                }
            } else if task != nil {
                if asked.isEmpty || run == "-" || run == asked {
                    right = "P"
                    tasks[id]?.want = (max(task?.want?.keeping ?? 0, call.number(1)), run)
                }
            } else if dead.contains(id) {
                right = "X"
            } else if let taken = finished[id], !taken.mayBeOver(call) {
                right = "E"
            }
            if letter != right { problems.append("result of \(id): answered \(letter), right is \(right)") }
        }
        return problems
    }

    /// Stores what comes of a run, for whoever wants it.
    mutating func settle(
        _ id: String,
        _ letter: Character,
        _ bytes: [UInt8],
        retention: Int64 = 0,
        _ call: RecordedCall
    ) {
        let want = tasks[id]?.want
        let keeping = max(want?.keeping ?? 0, retention)
        guard keeping > 0 else { return }
        results[id] = Result(letter: letter, run: want?.run ?? "-", bytes: bytes, end: Span(call, keeping))
    }
}
