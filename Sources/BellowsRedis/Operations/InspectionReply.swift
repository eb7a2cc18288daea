import Bellows

/// What lua/inspect.lua says about one task.
struct InspectionReply {
    /// How many values there are for each task.
    static let width = 12

    /// The state of a task that did not fit into the reply.
    private static let leftOut = "R"

    /// Where the task stands; nil if the store does not know it.
    let inspection: TaskInspection?
    /// Whether the task did not fit into the reply.
    let isLeftOut: Bool

    /// Reads the values; nil if no script of ours wrote them.
    ///
    /// - Parameter isWhole: whether whole records were asked for.
    init?(id: TaskID, values: ArraySlice<RedisReply>, isWhole: Bool) {
        let values = Array(values)
        guard values.count == Self.width, let word = values[0].asText else { return nil }
        isLeftOut = word == Self.leftOut
        guard !word.isEmpty, !isLeftOut else {
            inspection = nil
            return
        }
        guard let state = TaskState(rawValue: word), let attempt = values[1].asNumber else { return nil }
        var task = TaskInspection(id: id, state: state, attempt: Int(clamping: attempt))
        task.due = values[2].asNumber.map(RedisReply.date)
        task.leaseEnd = values[3].asNumber.map(RedisReply.date)
        task.died = values[4].asNumber.map(RedisReply.date)
        task.holder = values[5].asText.flatMap(ProcessID.init(nonce:))
        if let error = values[6].asText, !error.isEmpty { task.lastError = error }
        if let beginning = values[7].asBytes, let length = values[8].asNumber {
            do {
                let record = try RecordCoder.decode(beginning)
                task.headers = record.headers
                let headSize = beginning.count - record.payload.count
                task.payloadSize = max(0, Int(clamping: length).subtractingClamped(headSize))
                if isWhole {
                    task.payload = record.payload
                    if state != .dead {
                        task.record = record
                        task.digest = values[11].asText.map { RecordDigest($0) }
                    }
                }
            } catch {
                task.lastError = task.lastError ?? error.description
            }
        }
        task.resultSize = values[9].asNumber.map { Int(clamping: $0) }
        if let stop = values[10].asText, !stop.isEmpty { task.cancellationReason = String(stop.dropFirst()) }
        inspection = task
    }
}

extension ProcessID {
    /// The process that made a claim's nonce, `PROCESS-NUMBER`; nil if there is none.
    init?(nonce: String) {
        guard let process = nonce.split(separator: "-").first else { return nil }
        self.init(String(process))
    }
}
