import Bellows
import BellowsRedis
import Logging
import ServiceLifecycle

/// A greeting, made by a worker of its own type.
enum Greeting: TaskDefinition {
    static let name = "greeting"
    typealias Trigger = PublishTrigger<String>
    typealias Callback = String
}

/// Processes one greeting.
struct Greeter: Worker {
    typealias Definition = Greeting

    func process(_ input: String, context: TaskContext) async throws -> TaskSuccess<String> {
        context.logger.info("greeting")
        guard !input.isEmpty else { throw TaskFailure.dead(reason: "nobody to greet") }
        return .done("Hello, \(input)!")
    }
}

let logger = Logger(label: "service")

// Starts while Redis is down, too: it connects in the background and keeps trying.
let backend = try RedisBackend(configuration: RedisConfiguration(url: "redis://127.0.0.1:6379"), logger: logger)
let dispatcher = WorkerDispatcher(
    backend,
    handlers: .on { _ in Greeter() },
    configuration: DispatcherConfiguration(maximumConcurrentTasks: 8, shutdownGrace: .seconds(20)),
    logger: logger
)

// On SIGTERM the dispatcher drains first, because services stop in the reverse of this order, then the backend closes.
let group = ServiceGroup(
    services: [backend, dispatcher],
    gracefulShutdownSignals: [.sigterm, .sigint],
    logger: logger
)
try await group.run()
