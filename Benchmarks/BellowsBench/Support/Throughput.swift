import Foundation
import RedisFixture

/// One measured stretch of work: its rate, and what it cost on both sides.
struct Throughput {
    /// Operations a second.
    var rate = 0.0
    /// Microseconds of redis-server's main thread for each operation.
    var serverCost = 0.0
    /// Microseconds of this process for each operation, all threads.
    var clientCost = 0.0

    /// Script calls for each operation.
    var calls = 0.0
    /// Milliseconds of the longest script.
    var slowest = 0.0

    /// Runs `body`, which does `count` operations.
    static func measure(_ server: RedisServer, count: Int, _ body: () async throws -> Void) async throws -> Throughput {
        let probe = try RedisProbe(port: server.port)
        let serverBefore = try probe.cpuSeconds()
        let callsBefore = try probe.scriptCalls()
        try probe.watchSlowScripts()
        let clientBefore = ProcessUsage.cpuSeconds
        let begin = ContinuousClock.now
        try await body()
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let client = ProcessUsage.cpuSeconds - clientBefore
        let server = try probe.cpuSeconds() - serverBefore
        let operations = Double(count)
        return Throughput(
            rate: operations / seconds,
            serverCost: server * 1e6 / operations,
            clientCost: client * 1e6 / operations,
            calls: (try probe.scriptCalls() - callsBefore) / operations,
            slowest: try probe.slowestScript()
        )
    }
}

/// What this process has used so far.
enum ProcessUsage {
    /// Seconds of CPU, all threads, user and system.
    static var cpuSeconds: Double {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// Bytes of memory in use now.
    static func residentBytes() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        // A figure that nobody measured must not meet a goal.
        guard fields.count > 1, let pages = Double(fields[1]) else { throw CocoaError(.fileReadCorruptFile) }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
