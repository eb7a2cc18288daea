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

    /// CPU seconds of the server's main thread, system time included.
    func cpuSeconds() throws -> Double {
        try info("used_cpu_sys_main_thread") + info("used_cpu_user_main_thread")
    }
}
