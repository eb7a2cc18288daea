import BellowsHistory

/// The answers that servers have given, to find those of clients among them: what a client was told and no server has
/// written down was lost.
struct AnswersGiven {
    private var given: Set<String> = []

    init(_ calls: some Sequence<RecordedCall>) {
        for call in calls {
            switch call.script {
            case "publish":
                for (index, letter) in call.answer(0).enumerated() {
                    given.insert("publish \(call.text(3 + 3 * index)) \(letter == "N")")
                }
            case "claim": note(claim: call, first: 0, call.reply.count)
            case "claim_by_id":
                if call.answer(0) == "C" { given.insert("claim \(call.answer(1)):\(call.text(2))") }
            case "claim_singleton":
                if call.answer(0) == "C" { given.insert("claim \(call.answer(1)):\(call.text(1))") }
            // C says that the lease was extended, and that the attempt is to stop.
            case "renew": note(call, "renew", call.answer(0).replacing("C", with: "D"), from: 1, size: 2)
            case "finish", "fail": note(call, call.script, call.answer(0), from: 3, size: 4)
            case "release": note(call, "release", call.answer(0), from: 4, size: 2)
            case "finish_and_claim":
                note(call, "finish", call.answer(call.reply.count - 1), from: 3, size: 4)
                note(claim: call, first: call.arguments.count - 4, call.reply.count - 1)
            case "singleton": given.insert("\(call.text(4)) \(call.text(3)) \(call.answer(0))")
            default: break
            }
        }
    }

    private mutating func note(claim call: RecordedCall, first: Int, _ count: Int) {
        let nonce = call.text(first + 2)
        for part in stride(from: 3, to: count, by: 3) { given.insert("claim \(call.answer(part)):\(nonce)") }
    }

    private mutating func note(_ call: RecordedCall, _ verb: String, _ letters: String, from first: Int, size: Int) {
        for (index, letter) in letters.enumerated() {
            given.insert("\(verb) \(call.text(first + size * index + 1)) \(letter)")
        }
    }

    /// What clients were told, and nobody has said.
    func missing(_ events: [HistoryEvent]) -> [String] {
        events.compactMap { event in
            let told: String
            switch event.operation {
            case .publish(let id, _, _, let isNew?): told = "publish \(id) \(isNew)"
            case .claim(_, let token, _): told = "claim \(token)"
            case .renew(_, let token, let outcome):
                guard outcome != .unknown else { return nil }
                told = "renew \(token) \(outcome == .done ? "D" : "L")"
            default:
                guard let (token, outcome, _) = event.ending, outcome != .unknown else { return nil }
                told = "\(event.operation.verb) \(token) \(outcome == .done ? "D" : "L")"
            }
            return given.contains(told) ? nil : "a client was told '\(told)' at \(event.end), and no server has said so"
        }
    }
}
