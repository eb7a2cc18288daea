import Foundation

/// This very program as a worker process that can be killed or stopped.
final class WorkerProcess: @unchecked Sendable {
    // Unchecked: Foundation's Process is not Sendable; it is started here once and only signalled afterwards.
    private let process = Process()

    var pid: Int32 { process.processIdentifier }

    init(
        url: String,
        name: String,
        lease: Int,
        slots: Int,
        busy: Int,
        events: String,
        dispatchers: Int = 1,
        isSingleton: Bool = false,
        environment: [String: String] = [:]
    ) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments =
            [
                "worker", "--url", url, "--name", name, "--lease", "\(lease)", "--slots", "\(slots)", "--busy",
                "\(busy)",
                "--events", events, "--dispatchers", "\(dispatchers)",
            ] + (isSingleton ? ["--singleton"] : [])
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.standardError
        try process.run()
    }

    func signal(_ number: Int32) { kill(pid, number) }

    func end() {
        kill(pid, SIGKILL)
        process.waitUntilExit()
    }
}
