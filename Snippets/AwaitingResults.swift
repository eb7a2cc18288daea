// Samples of the article Awaiting results.

import Bellows

enum Quote: TaskDefinition {
    static let name = "shop.quote"
    typealias Trigger = PublishTrigger<[String]>
    typealias Callback = Int
}

enum Thumbnail: TaskDefinition {
    static let name = "images.thumbnail"
    typealias Trigger = PublishTrigger<String>
    typealias Callback = Int
}

func quote(_ articles: [String], on backend: some Backend) async throws -> Int? {
    let task = try await backend.publishAwaitable(Quote.self, articles)
    do {
        return try await task.wait(timeout: .seconds(5))
    } catch .timedOut {
        return nil
    }
}

print(try await quote(["lamp"], on: InMemoryBackend()) ?? 0)
