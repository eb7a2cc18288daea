// Samples of the article Getting started.

import Bellows
import BellowsRedis

enum Thumbnail: TaskDefinition {
    static let name = "images.thumbnail"
    typealias Trigger = PublishTrigger<String>  // the payload
    typealias Callback = Int  // the result
}

func render(_ path: String) async throws -> Int { path.utf8.count }

let backend = try await RedisBackend.connect("redis://127.0.0.1:6379")
let dispatcher = WorkerDispatcher(
    backend,
    handlers: .on(Thumbnail.self) { path, context in
        try await render(path)
    }
)
async let work: Void = dispatcher.run()

try await backend.publish(Thumbnail.self, "a.png")

let task = try await backend.publishAwaitable(Thumbnail.self, "b.png")
let bytes = try await task.wait(timeout: .seconds(10))

dispatcher.beginDrain()
try await work
print(bytes)
