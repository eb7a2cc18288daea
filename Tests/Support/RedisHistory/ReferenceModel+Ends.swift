extension ReferenceModel {
    /// Lease, then for each: id, token. Answers a letter for each: C if the attempt is to stop; behind them the reasons.
    mutating func renew(_ call: RecordedCall) -> [String] {
        let lease = call.number(0)
        var right = ""
        for first in stride(from: 1, to: call.arguments.count, by: 2) {
            let (id, token) = (call.text(first), call.text(first + 1))
            guard isHeld(id, by: token) else {
                right += "L"
                continue
            }
            if tasks[id]?.mayBeGone == true, call.answer(0).dropFirst(right.count).first == "L" {
                right += "L"
                cancelled(id, call)
                continue
            }
            right += tasks[id]?.stop == nil ? "D" : "C"
            longest = max(longest, lease)
            tasks[id]?.mayBeGone = false
            tasks[id]?.place = .leased(token: token, Span(call, lease))
        }
        return right == call.answer(0) ? [] : ["renew \(describe(call)): answered \(call.answer(0)), right is \(right)"]
    }

    /// Process, number, flags, then for each: id, token, options, result. Answers a letter for each.
    ///
    /// - Parameter last: how many of the arguments are its own.
    mutating func finish(_ call: RecordedCall, last: Int) -> (answer: String, changes: Bool) {
        end(call, size: 4, last: last) { model, id, first in
            // How long the result is kept, how long the id stays taken, the next run.
            let options = call.text(first + 2).split(separator: ",").compactMap { Int64($0) }
            let (retention, window, next) = options.count == 3 ? (options[0], options[1], options[2]) : (0, 0, -1)
            model.settle(id, "D", call.arguments[first + 3], retention: retention, call)
            if next >= 0, model.tasks[id]?.stop == nil {
                model.tasks[id]?.attempts = 0
                model.tasks[id]?.place = .delayed(Span(call, next))
                if let want = model.tasks[id]?.want { model.tasks[id]?.want = (0, want.run) }
            } else {
                model.tasks[id] = nil
                if window > 0 { model.finished[id] = Span(call, window) }
            }
        }
    }

    /// Process, number, flags, then for each: id, token, ms until the next try or -1, error. Answers a letter for each.
    mutating func fail(_ call: RecordedCall) -> (answer: String, changes: Bool) {
        end(call, size: 4, last: call.arguments.count) { model, id, first in
            let wait = call.number(first + 2)
            if model.tasks[id]?.stop != nil {
                model.cancelled(id, call)
            } else if wait >= 0 {
                model.tasks[id]?.place = .delayed(Span(call, wait))
            } else {
                model.settle(id, "X", call.arguments[first + 3], call)
                model.tasks[id] = nil
                model.dead.insert(id)
            }
        }
    }

    /// Process, number, flags, ms until they are due, then for each: id, token. Answers a letter for each.
    mutating func release(_ call: RecordedCall) -> (answer: String, changes: Bool) {
        end(call, first: 4, size: 2, last: call.arguments.count) { model, id, _ in
            if model.tasks[id]?.stop != nil { return model.cancelled(id, call) }
            model.tasks[id]?.attempts -= 1
            model.tasks[id]?.place = .delayed(Span(call, call.number(3)))
        }
    }

    /// Ends the attempts of all whose token is the one in force.
    private mutating func end(
        _ call: RecordedCall,
        first: Int = 3,
        size: Int,
        last: Int,
        _ act: (inout ReferenceModel, _ id: String, _ first: Int) -> Void
    ) -> (answer: String, changes: Bool) {
        var answer = ""
        // What was answered decides where both may be right.
        let given = call.script == "finish_and_claim" ? call.answer(call.reply.count - 1) : call.answer(0)
        for first in stride(from: first, to: last, by: size) {
            let id = call.text(first)
            var isOurs = isHeld(id, by: call.text(first + 1))
            if isOurs, tasks[id]?.mayBeGone == true, given.dropFirst(answer.count).first == "L" {
                isOurs = false
                cancelled(id, call)
            }
            answer += isOurs ? "D" : "L"
            if isOurs { act(&self, id, first) }
        }
        return (answer, answer.contains("D"))
    }

    /// The arguments of finish, then four of claim. Answers what claim answers, then what finish answers.
    mutating func finishAndClaim(_ call: RecordedCall) -> [String] {
        let first = call.arguments.count - 4
        guard first >= 3, let finished = call.reply.last else { return ["finish_and_claim: an answer without an end"] }
        let problems = once(call, answer: String(decoding: finished, as: UTF8.self)) { $0.finish(call, last: first) }
        return problems + claim(call, first: first, reply: call.reply.dropLast())
    }

    /// Process, number, flags, token, operation, ms. Answers a letter.
    mutating func change(_ call: RecordedCall) -> (answer: String, changes: Bool) {
        let (token, ms) = (call.text(3), call.number(5))
        guard !token.isEmpty, singleton.token == token else { return ("L", false) }
        if call.text(4) == "renew" {
            longest = max(longest, ms)
            singleton.end = Span(call, ms)
            // The only one of them that can be done again without harm.
            return ("D", false)
        }
        singleton.token = ""
        singleton.due = Span(call, ms)
        switch call.text(4) {
        case "finish": singleton.attempts = 0
        case "release": singleton.attempts -= 1
        default: break
        }
        return ("D", true)
    }
}
