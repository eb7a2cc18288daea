import RedisFixture

extension RedisProbe {
    /// A number from INFO.
    func info(_ field: String) throws -> Double {
        for line in (try command("INFO", "everything").text ?? "").split(whereSeparator: \.isNewline)
        where line.hasPrefix(field + ":") {
            return Double(line.dropFirst(field.count + 1)) ?? 0
        }
        return 0
    }

    /// How many scripts were run.
    func scriptCalls() throws -> Double {
        let lines = (try command("INFO", "commandstats").text ?? "").split(whereSeparator: \.isNewline)
        return lines.filter { $0.hasPrefix("cmdstat_eval") }.reduce(0) { sum, line in
            sum + (Double(line.split(separator: "=")[1].prefix { $0.isNumber }) ?? 0)
        }
    }

    /// Milliseconds of a bare PING over a blocking socket, one after the other; the median.
    func pingRoundTrip(count: Int = 2000) throws -> Double {
        var times: [Double] = []
        for _ in 0..<count {
            let begin = ContinuousClock.now
            _ = try command("PING")
            times.append((ContinuousClock.now - begin) / .milliseconds(1))
        }
        return times.sorted()[count / 2]
    }

    /// Begins to note commands that take longer than half a millisecond.
    func watchSlowScripts() throws {
        _ = try command("CONFIG", "SET", "slowlog-log-slower-than", "500")
        _ = try command("CONFIG", "SET", "slowlog-max-len", "10000")
        _ = try command("SLOWLOG", "RESET")
    }

    /// Milliseconds of the longest script since then; 0 if none was noted.
    func slowestScript() throws -> Double {
        guard case .array(let entries) = try command("SLOWLOG", "GET", "10000") else { return 0 }
        var longest: Int64 = 0
        for case .array(let entry) in entries where entry.count > 3 {
            guard case .integer(let time) = entry[2], case .array(let words) = entry[3] else { continue }
            if words.first?.text?.hasPrefix("EVAL") == true { longest = max(longest, time) }
        }
        return Double(longest) / 1000
    }

    /// CPU seconds of the server's main thread, system time included.
    func cpuSeconds() throws -> Double {
        try info("used_cpu_sys_main_thread") + info("used_cpu_user_main_thread")
    }
}
