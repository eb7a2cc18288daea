/// Makes scripts write down each of their calls, in the order in which the server carries them out, so that a history
/// can be judged by it. For tests; a backend does so only if its configuration says ``RedisConfiguration/recordsCalls``.
enum ScriptRecorder {
    /// What the list of calls is called, behind the base key of a definition.
    static let suffix = ":calls"

    /// The text of a script that also notes what it was asked, what it answered, and the server's time before and after.
    ///
    /// The elements of the list are those that `RecordedCall` reads: the script, the two times in ms, the number of
    /// arguments, the arguments, the number of parts of the answer, the parts. What a script changes and what it notes
    /// become visible, are written to the append-only file and get lost in one step.
    static func record(_ text: String, of script: RedisScript) -> String {
        guard script.isRecorded else { return text }
        return """
            local function milliseconds()
                local time = redis.call('TIME')
                return string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
            end
            local before = milliseconds()
            local function body()
            \(text)
            end
            local reply = body()
            if type(reply) == 'table' and reply.err then return reply end
            local parts = type(reply) == 'table' and reply or { reply }
            local list, texts = KEYS[1] .. '\(suffix)', {}
            for i = 1, #parts do texts[i] = type(parts[i]) == 'number' and string.format('%d', parts[i]) or parts[i] end
            -- The first write works at maxmemory, so that the next one does too.
            redis.call('HDEL', KEYS[1] .. ':~', '')
            redis.call('RPUSH', list, '\(script.rawValue)', before, milliseconds(), #ARGV, unpack(ARGV))
            redis.call('RPUSH', list, #parts, unpack(texts))
            return reply
            """
    }
}

extension RedisScript {
    /// Whether it changes tasks or hands them out, or tells of results.
    fileprivate var isRecorded: Bool {
        switch self {
        case .publish, .claim, .claimByID, .claimSingleton, .renew, .finish, .finishAndClaim, .fail, .release,
            .singleton, .lookup, .cancel, .reschedule:
            true
        case .hasten, .sweep, .stats, .inspect, .list, .search, .deadList, .deadRetry, .deadDelete, .update, .pause,
            .resume, .passOn, .audit:
            false
        }
    }
}
