import Foundation

/// The `worker` command as a process of its own.
enum WorkerProcess {
    static func start(
        url: String,
        name: String,
        lease: Int,
        slots: Int,
        busy: Int,
        events: String,
        dispatchers: Int = 1,
        isSingleton: Bool = false,
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        try ChildProcess(
            arguments: [
                "worker", "--url", url, "--name", name, "--lease", "\(lease)", "--slots", "\(slots)", "--busy",
                "\(busy)",
                "--events", events, "--dispatchers", "\(dispatchers)",
            ] + (isSingleton ? ["--singleton"] : []),
            environment: environment
        )
    }
}
