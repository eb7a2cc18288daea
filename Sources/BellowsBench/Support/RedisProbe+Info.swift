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

    /// CPU seconds of the server's main thread, system time included.
    func cpuSeconds() throws -> Double {
        try info("used_cpu_sys_main_thread") + info("used_cpu_user_main_thread")
    }
}
