extension ReferenceModel {
    /// Most tasks, lease, nonce, flags. Answers the ms until the next one is due, a fence, then for each task: id, attempt, record.
    ///
    /// - Parameter first: the first of the four arguments.
    mutating func claim(_ call: RecordedCall, first: Int, reply: ArraySlice<[UInt8]>) -> [String] {
        let (limit, lease) = (Int(call.number(first)), call.number(first + 1))
        let nonce = call.text(first + 2)
        let isRepeated = call.text(first + 3).contains("R")
        longest = max(longest, lease)
        let parts = Array(reply)
        guard parts.count % 3 == 2 else { return ["claim \(nonce): an answer of \(parts.count) parts"] }
        let fence = String(decoding: parts[1], as: UTF8.self)
        var problems: [String] = []
        var isFoundAgain = false
        var taken: [Task] = []
        let mine = isRepeated ? tasks.keys.filter { isHeld($0, byNonce: nonce) && tasks[$0]?.mayBeGone != true } : []
        endStopped(call)
        for part in stride(from: 2, to: parts.count, by: 3) {
            let id = String(decoding: parts[part], as: UTF8.self)
            let attempt = Int64(String(decoding: parts[part + 1], as: UTF8.self)) ?? -1
            guard let task = tasks[id] else {
                problems.append("claim \(nonce): \(id) is no task, or was taken twice")
                continue
            }
            if isRepeated, isHeld(id, by: "\(attempt):\(nonce)") {
                isFoundAgain = true
            } else {
                problems += unfit(id, task, attempt, nonce, call)
                taken.append(task)
            }
            if parts[part + 2] != task.record { problems.append("claim \(nonce): \(id) has another record") }
            problems += fenceProblems(fence, after: tasks[id]?.fence, id, call)
            tasks[id]?.fence = Int64(fence)
            tasks[id]?.attempts = attempt
            tasks[id]?.mayBeGone = false
            tasks[id]?.place = .leased(token: "\(attempt):\(nonce)", Span(call, lease))
        }
        if parts.count / 3 > limit { problems.append("claim \(nonce): more than the \(limit) asked for") }
        for id in mine where !parts.contains(Array(id.utf8)) {
            problems.append("claim \(nonce) repeated: it has \(id), and is not told so")
        }
        // An answer that begins with 0 says that there is more.
        let saysMore = parts[0].elementsEqual("0".utf8)
        if !isFoundAgain {
            problems += unfair(taken, nonce, mayBeMore: saysMore || parts.count / 3 == limit, call)
        }
        return problems
    }

    /// What is wrong with the number that a holder got: it is the server's time in us, and greater than the one before,
    /// unless the server's clock was set back.
    private func fenceProblems(_ text: String, after last: Int64?, _ id: String, _ call: RecordedCall) -> [String] {
        guard let fence = Int64(text), (call.earliest * 1000..<(call.latest + 1) * 1000).contains(fence) else {
            return ["claim of \(id): the fence \(text) is not the time"]
        }
        guard let last, fence <= last, call.earliest >= last / 1000 else { return [] }
        return ["claim of \(id): the fence \(fence) is not greater than \(last)"]
    }

    /// What speaks against handing out a task.
    private func unfit(
        _ id: String,
        _ task: Task,
        _ attempt: Int64,
        _ nonce: String,
        _ call: RecordedCall
    ) -> [String] {
        var problems: [String] = []
        switch task.place {
        case .ready: break
        case .delayed(let due):
            if !due.mayBeOver(call) { problems.append("claim \(nonce): \(id) \(due.from - call.after) ms too early") }
        case .leased(let token, let end):
            if !end.mayBeOver(call) { problems.append("claim \(nonce): \(id) is leased as \(token)") }
        }
        if attempt != task.attempts + 1 {
            problems.append("claim \(nonce): attempt \(attempt) of \(id) after \(task.attempts)")
        }
        if let reason = task.stop { problems.append("claim \(nonce): \(id) was cancelled, for '\(reason)'") }
        return problems
    }

    /// What should have been taken rather, or as well.
    private func unfair(_ taken: [Task], _ nonce: String, mayBeMore: Bool, _ call: RecordedCall) -> [String] {
        var problems: [String] = []
        // The last of each line that was taken: by publishing, by due times, by the ends of leases.
        var (lastReady, lastDue, lastEnd) = (Int.min, Int64.min, Int64.min)
        for task in taken {
            switch task.place {
            case .ready: lastReady = max(lastReady, task.number)
            case .delayed(let due): lastDue = max(lastDue, due.from)
            case .leased(_, let end): lastEnd = max(lastEnd, end.from)
            }
        }
        for (id, task) in tasks where task.stop == nil {
            let (isDue, isPassedOver) =
                switch task.place {
                case .ready: (true, task.number < lastReady)
                case .delayed(let due): (due.isOver(call), due.to < lastDue)
                case .leased(_, let end): (end.isOver(call), end.to < lastEnd)
                }
            if isPassedOver { problems.append("claim \(nonce): \(id) was passed over") }
            if isDue, !mayBeMore { problems.append("claim \(nonce): \(id) was due and is left behind") }
        }
        return problems
    }

    /// Id, lease, nonce, R. Answers C, attempt, record, fence; L, ms; U, ms; or N.
    mutating func claimByID(_ call: RecordedCall) -> [String] {
        let (id, lease, nonce) = (call.text(0), call.number(1), call.text(2))
        endStopped(call)
        if tasks[id]?.mayBeGone == true, call.answer(0) == "N" { cancelled(id, call) }
        guard let task = tasks[id] else { return call.answer(0) == "N" ? [] : ["claim \(nonce): \(id) is no task"] }
        longest = max(longest, lease)
        switch call.answer(0) {
        case "C":
            let attempt = Int64(call.answer(1)) ?? -1
            let token = "\(attempt):\(nonce)"
            var problems: [String] = []
            if call.text(3) != "R" || !isHeld(id, by: token) { problems = unfit(id, task, attempt, nonce, call) }
            problems += fenceProblems(call.answer(3), after: task.fence, id, call)
            tasks[id]?.fence = Int64(call.answer(3))
            tasks[id]?.attempts = attempt
            tasks[id]?.place = .leased(token: token, Span(call, lease))
            return problems
        case "L":
            if case .leased(_, let end) = task.place, !end.isOver(call) { return [] }
        case "U":
            if case .delayed(let due) = task.place, !due.isOver(call) { return [] }
        default: break
        }
        return ["claim \(nonce): \(id) got the answer \(call.answer(0))"]
    }

    /// Lease, nonce, R. Answers C, attempt, fence; L, ms; or U, ms.
    mutating func claimSingleton(_ call: RecordedCall) -> [String] {
        let (lease, nonce) = (call.number(0), call.text(1))
        let isHeld = !singleton.token.isEmpty
        switch call.answer(0) {
        case "C":
            let attempt = Int64(call.answer(1)) ?? -1
            let token = "\(attempt):\(nonce)"
            var problems: [String] = []
            if call.text(2) != "R" || singleton.token != token {
                if isHeld, singleton.end?.mayBeOver(call) == false {
                    problems.append("singleton \(nonce): \(singleton.token) owns it")
                }
                if !isHeld, singleton.due?.mayBeOver(call) == false { problems.append("singleton \(nonce): too early") }
                if attempt != singleton.attempts + 1 {
                    problems.append("singleton \(nonce): attempt \(attempt) after \(singleton.attempts)")
                }
                longest = max(longest, lease)
            }
            problems += fenceProblems(call.answer(2), after: singleton.fence, "singleton", call)
            (singleton.token, singleton.attempts, singleton.fence) = (token, attempt, Int64(call.answer(2)))
            singleton.end = Span(call, lease)
            return problems
        case "L": return isHeld && singleton.end?.isOver(call) == false ? [] : ["singleton \(nonce): nobody owns it"]
        case "U": return singleton.due?.isOver(call) == false ? [] : ["singleton \(nonce): it was due"]
        default: return ["singleton \(nonce): got the answer \(call.answer(0))"]
        }
    }
}
