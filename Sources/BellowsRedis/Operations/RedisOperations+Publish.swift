import Bellows

extension RedisOperations {
    /// Stores tasks; see lua/publish.lua.
    func publish(
        _ items: [PublishItem],
        to name: TaskName,
        within time: Duration,
        _ completion: @escaping @Sendable (Result<[PublishedTask], BellowsError>) -> Void
    ) {
        begin(name, within: time) { number, left in
            runner.start(publishCall(items, to: name, number), ScriptRunner.CallBudget(time: left)) { result in
                numbers.end(number, name)
                completion(
                    result.read { reply throws(BellowsError) in
                        try published(items, reply, number, durability: .acknowledged)
                    }
                )
            }
        }
    }

    /// The call that stores tasks.
    func publishCall(_ items: [PublishItem], to name: TaskName, _ number: CallNumber) -> ScriptCall {
        let bytes = items.reduce(0) { $0 + $1.record.count + 60 }
        return ScriptCall(.publish, keys: [keys.base(of: name)], reservedBytes: bytes) { command, _ in
            // Even a first delivery looks: a repetition on a new connection may have overtaken it.
            number.append(to: &command, process: process, looksForAnswer: true)
            for item in items {
                command.append(item.id.rawValue)
                command.append(item.options(listener: listener))
                command.append(item.record)
            }
        }
    }

    /// Reads the answer to that call.
    func published(
        _ items: [PublishItem],
        _ reply: RedisReply,
        _ number: CallNumber,
        durability: PublishedTask.Durability
    ) throws(BellowsError) -> [PublishedTask] {
        let dispositions = try characters(reply, of: .publish, count: items.count, Self.disposition)
        return items.indices.map { index in
            let isNew = dispositions[index] == .new
            let run = isNew ? RunID("\(process.text)-\(number.value)-\(index)") : nil
            return PublishedTask(
                id: items[index].id,
                disposition: dispositions[index],
                run: run,
                durability: durability
            )
        }
    }

    private static func disposition(_ character: UInt8) -> PublishedTask.Disposition? {
        switch character {
        case UInt8(ascii: "N"): .new
        case UInt8(ascii: "E"): .alreadyPublished
        case UInt8(ascii: "X"): .alreadyDead
        case UInt8(ascii: "F"): .alreadyFinished
        default: nil
        }
    }
}
