// Samples of the article Workers and shutdown.

import Bellows
import BellowsRedis
import Logging
import ServiceLifecycle

enum Greeting: TaskDefinition {
    static let name = "greeting"
    typealias Trigger = PublishTrigger<String>
    typealias Callback = String
}

struct Greeter: Worker {
    typealias Definition = Greeting

    func process(_ input: String, context: TaskContext) async throws -> TaskSuccess<String> {
        guard !input.isEmpty else { throw TaskFailure.dead(reason: "nobody to greet") }
        context.logger.debug("greeting")
        return .done("Hello, \(input)!")
    }
}

let logger = Logger(label: "worker")

let configuration = try RedisConfiguration(url: "redis://127.0.0.1:6379")
let backend = try RedisBackend(configuration: configuration, logger: logger)
let dispatcher = WorkerDispatcher(
    backend,
    handlers: .on { _ in Greeter() },
    configuration: DispatcherConfiguration(
        maximumConcurrentTasks: 32,
        lease: LeasePolicy(duration: .seconds(30)),
        shutdownGrace: .seconds(20)
    ),
    logger: logger
)
let group = ServiceGroup(
    services: [backend, dispatcher],
    gracefulShutdownSignals: [.sigterm, .sigint],
    logger: logger
)
try await group.run()

let running = dispatcher.launch()
// …
try await running.drain()

let health = await dispatcher.health()
print(health.isReady, health.runningTasks)

switch try await backend.runTaskOnce(.on { _ in Greeter() }) {
case .done: print("nothing more to do for this task")
case .retry(let time): print("call again after \(time)")
default: print("call again at the next signal")
}
