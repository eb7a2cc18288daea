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

enum Report: TaskDefinition {
    static let name = "shop.report"
    typealias Trigger = PublishTrigger<String>
    typealias Callback = Int
}

func quote(_ articles: [String], on backend: some Backend) async throws -> Int? {
    let task = try await backend.publishAwaitable(Quote.self, articles)
    do {
        return try await task.wait(timeout: .seconds(5))
    } catch {
        switch error {
        case .timedOut: return nil
        case .dead(let reason): print("no quote for \(task.id): \(reason)")
        default: break
        }
        throw error
    }
}

func quote(of id: TaskID, on backend: some Backend) async throws -> Int {
    try await backend.task(Quote.self, id).wait(timeout: .seconds(10))
}

let backend = InMemoryBackend()
print(try await quote(["lamp"], on: backend) ?? 0)

let options = PublishOptions(resultRetention: .seconds(600))
let id = try await backend.publish(Report.self, "2027", options: options).id

let pages = try await backend.task(Report.self, id).wait(timeout: .seconds(10))
print(pages)
