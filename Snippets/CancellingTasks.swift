// Samples of the article Cancelling tasks.

import Bellows

enum Render: TaskDefinition {
    static let name = "books.render"
    typealias Trigger = PublishTrigger<Int>
}

func draw(_ page: Int) async throws {}

let handler = TaskHandler.on(Render.self) { pages, context in
    for page in 1...pages {
        if let cause = context.cancellation {
            context.logger.info("stopped at page \(page): \(cause)")
            throw CancellationError()
        }
        try await draw(page)
    }
}

let backend = InMemoryBackend()
let id = try await backend.publish(Render.self, 3).id

let task = backend.task(Render.self, id)
switch try await task.cancel(reason: "the user left").wait(timeout: .seconds(5)) {
case .cancelled: print("it will not run again")
case .finished: print("it has finished")
case .stillRunning: print("it still runs")
default: print("it is a dead letter, or there is no such task")
}

let fleet = Fleet(backend)
let definition = try TaskPartitions(Render.self)
for try await count in try fleet.cancelAll(of: definition, reason: "the campaign was stopped") {
    print("\(count.cancelled) cancelled")
}
