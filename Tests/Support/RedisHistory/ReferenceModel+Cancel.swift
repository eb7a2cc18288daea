extension ReferenceModel {
    /// Process, number, flags, reason, then ids. Answers a letter for each: C cancelled, A or S asked to stop, X dead, F
    /// finished, U unknown.
    mutating func cancel(_ call: RecordedCall) -> (answer: String, changes: Bool) {
        var answer = ""
        for index in 4..<max(4, call.arguments.count) {
            let id = call.text(index)
            let allowed = letters(for: id, call)
            let given = call.answer(0).dropFirst(answer.count).first
            let letter = given.flatMap { allowed.contains($0) ? $0 : nil } ?? allowed.first ?? "U"
            answer.append(letter)
            if letter == "C", tasks[id] != nil {
                // The reason that was given first stands.
                let reason = tasks[id]?.stop ?? call.text(3)
                cancelled(id, call, for: reason)
            } else if letter == "A" || letter == "S" {
                let reason = tasks[id]?.stop ?? call.text(3)
                tasks[id]?.stop = reason
                tasks[id]?.mayBeGone = false
                let want = tasks[id]?.want
                tasks[id]?.want = (max(want?.keeping ?? 0, 60_000), want?.run ?? "-")
            }
        }
        return (answer, true)
    }

    /// Process, number, flags, ms until they are due, then ids. Answers a letter for each: D done, L leased, U unknown.
    mutating func reschedule(_ call: RecordedCall) -> (answer: String, changes: Bool) {
        var answer = ""
        for index in 4..<max(4, call.arguments.count) {
            let id = call.text(index)
            if tasks[id]?.mayBeGone == true, call.answer(0).dropFirst(answer.count).first == "U" { cancelled(id, call) }
            switch tasks[id]?.place {
            case nil: answer += "U"
            case .leased: answer += "L"
            case .ready, .delayed:
                answer += "D"
                tasks[id]?.place = .delayed(Span(call, call.number(3)))
            }
        }
        return (answer, answer.contains("D"))
    }

    /// What may be answered.
    private mutating func letters(for id: String, _ call: RecordedCall) -> [Character] {
        if let task = tasks[id] {
            guard case .leased(_, let end) = task.place else { return ["C"] }
            if end.isOver(call) { return ["C"] }
            return end.mayBeOver(call) || task.mayBeGone ? ["A", "S", "C"] : ["A", "S"]
        }
        if dead.contains(id) { return ["X"] }
        var allowed: [Character] = []
        if let result = results[id], !result.end.isOver(call) {
            allowed.append(result.letter == "D" ? "F" : result.letter)
            guard result.end.mayBeOver(call) else { return allowed }
        }
        if let taken = finished[id], !taken.isOver(call) {
            allowed.append("F")
            guard taken.mayBeOver(call) else { return allowed }
        }
        return allowed + ["U"]
    }

    /// A task ends as cancelled.
    ///
    /// - Parameter reason: nil for that of the attempt that was to stop.
    mutating func cancelled(_ id: String, _ call: RecordedCall, for reason: String? = nil) {
        let text = reason ?? tasks[id]?.stop ?? ""
        settle(id, "C", Array(text.utf8), retention: 60_000, call)
        tasks[id] = nil
    }

    /// A claim ends what is to stop and whose lease has ended, as far as it looks.
    mutating func endStopped(_ call: RecordedCall) {
        for (id, task) in tasks where task.stop != nil {
            if case .leased(_, let end) = task.place, end.mayBeOver(call) { tasks[id]?.mayBeGone = true }
        }
    }
}
