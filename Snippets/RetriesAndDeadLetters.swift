// Samples of the article Retries and dead letters.

import Bellows

enum Fetch: TaskDefinition {
    static let name = "pages.fetch"
    typealias Trigger = PublishTrigger<String>
    typealias Callback = String
    static let options = TaskOptions(
        retry: RetryPolicy(
            maximumAttempts: 8,
            backoff: Backoff(base: .seconds(2), factor: 3, maximum: .seconds(600))
        )
    )
}

enum Answer {
    case page(String)
    case notFound
    case busy(seconds: Int)
}

func get(_ address: String) async throws -> Answer { .page(address) }

let handler = TaskHandler.on(Fetch.self) { address, context in
    switch try await get(address) {
    case .page(let page): return page
    case .notFound: throw TaskFailure.dead(reason: "no such page")
    case .busy(let seconds): throw TaskFailure.retry(.after(.seconds(seconds)))
    }
}

let backend = InMemoryBackend()
let name = try TaskName(Fetch.name)
let letters = try await backend.deadLetters(of: name, offset: 0, limit: 100)
for letter in letters {
    print(letter.id, letter.attempt, letter.reason)
}
_ = try await backend.retryDeadLetters(letters.map(\.id), of: name)

if let inspecting = backend.capability((any BackendInspecting).self) {
    print(try await inspecting.definitionNames())
}

let fleet = Fleet(backend)
let page = try await fleet.tasks([.dead], of: TaskPartitions(TaskName("thumbnails"), count: 1))
for task in page.tasks { print(task.id, task.lastError ?? "") }
