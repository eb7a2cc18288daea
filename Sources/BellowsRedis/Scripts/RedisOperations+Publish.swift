import Bellows

extension RedisOperations {
    /// Stores tasks; see lua/publish.lua.
    func publish(
        _ items: [PublishItem],
        to name: TaskName,
        within time: Duration
    ) async throws(BackendError) -> [PublishedTask] {
        try await numbers.withNumber(name) { number throws(BackendError) in
            let bytes = items.reduce(0) { $0 + $1.record.count + 60 }
            let call = ScriptCall(.publish, keys: [keys.base(of: name)], reservedBytes: bytes) { command, _ in
                // Even a first delivery looks: a repetition on a new connection may have overtaken it.
                number.append(to: &command, process: process, looksForAnswer: true)
                for item in items {
                    command.append(item.id.rawValue)
                    command.append(item.options)
                    command.append(item.record)
                }
            }
            let reply = try await runner.run(call, ScriptRunner.Patience(time: time))
            let dispositions = try characters(reply, of: .publish, count: items.count, Self.disposition)
            return zip(items, dispositions).enumerated().map { index, answer in
                let run = answer.1 == .new ? RunID("\(process.text)-\(number.value)-\(index)") : nil
                return PublishedTask(id: answer.0.id, disposition: answer.1, run: run)
            }
        }
    }

    private static func disposition(_ character: UInt8) -> PublishedTask.Disposition? {
        switch character {
        case UInt8(ascii: "N"): .new
        case UInt8(ascii: "E"): .alreadyPublished
        case UInt8(ascii: "F"): .alreadyFinished
        default: nil
        }
    }
}
