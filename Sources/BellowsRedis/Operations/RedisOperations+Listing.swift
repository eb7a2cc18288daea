import Bellows

extension RedisOperations {
    /// Lists tasks; see lua/list.lua.
    func tasks(
        _ list: PageCursor.List,
        of name: TaskName,
        after cursor: PageCursor?,
        limit: Int
    ) async throws(BellowsError) -> TaskPage {
        let key = keys.base(of: name)
        let (mark, id) = (cursor?.mark ?? "", cursor?.id?.rawValue ?? "")
        let reply = try await runner.run(ScriptCall(.list, key: key, list.rawValue, String(limit), mark, id))
        guard let parts = reply.asArray, parts.count >= 4, let next = parts[1].asText, let lastID = parts[2].asText,
            let isApproximate = parts[3].asNumber, let tasks = TaskSummary.list(parts[4...])
        else { throw RedisReply.unexpected(from: .list) }
        return TaskPage(
            tasks: tasks,
            next: lastID.isEmpty ? nil : PageCursor(list, of: name, mark: next, id: TaskID(unchecked: lastID)),
            isApproximate: isApproximate == 1
        )
    }

    /// Looks for tasks; see lua/search.lua. What waits or runs comes first, then the dead letters.
    func search(
        _ bytes: [UInt8],
        of name: TaskName,
        after cursor: PageCursor?
    ) async throws(BellowsError) -> SearchPage {
        let list = cursor?.list ?? .records
        let place = list == .records ? "records" : "dead-records"
        let (base, mark) = (keys.base(of: name), cursor?.mark ?? "0")
        let call = ScriptCall(.search, keys: [base]) { command, _ in
            command.append(bytes)
            command.append(place)
            command.append(mark)
            command.append("1000")
        }
        guard let parts = try await runner.run(call).asArray, parts.count >= 3, let next = parts[0].asText,
            let lookedAt = parts[1].asNumber, let total = parts[2].asNumber, let tasks = TaskSummary.list(parts[3...])
        else { throw RedisReply.unexpected(from: .search) }
        let goesOn: PageCursor? =
            if next != "0" {
                PageCursor(list, of: name, mark: next)
            } else if list == .records {
                PageCursor(.deadRecords, of: name, mark: "0")
            } else {
                nil
            }
        return SearchPage(tasks: tasks, next: goesOn, lookedAt: Int(clamping: lookedAt), total: Int(clamping: total))
    }
}

extension TaskSummary {
    /// Reads what lua/parts/describe.lua says; nil if it did not.
    static func list(_ values: ArraySlice<RedisReply>) -> [TaskSummary]? {
        guard values.count.isMultiple(of: 7) else { return nil }
        var tasks: [TaskSummary] = []
        for start in stride(from: values.startIndex, to: values.endIndex, by: 7) {
            guard let id = values[start].asText, let letter = values[start + 1].asText,
                let attempt = values[start + 2].asNumber, let holder = values[start + 3].asText,
                let error = values[start + 5].asText, let size = values[start + 6].asNumber
            else { return nil }
            let date = values[start + 4].asNumber.map(RedisReply.date)
            var task = TaskSummary(
                id: TaskID(unchecked: id),
                state: .ready,
                attempt: Int(clamping: attempt),
                lastError: error.isEmpty ? nil : error,
                recordSize: Int(clamping: size)
            )
            switch letter {
            case "R": break
            case "D": (task.state, task.due) = (.delayed, date)
            case "L": (task.state, task.leaseEnd, task.holder) = (.leased, date, ProcessID(nonce: holder))
            case "X": (task.state, task.died) = (.dead, date)
            default: return nil
            }
            tasks.append(task)
        }
        return tasks
    }
}
