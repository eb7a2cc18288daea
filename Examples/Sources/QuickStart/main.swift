// The README's example word for word, and so not in the format of the other files.
// swift-format-ignore-file
import Bellows
import BellowsRedis

enum Thumbnail: TaskDefinition {
    static let name = "images.thumbnail"
    typealias Trigger = PublishTrigger<String>  // the payload: any Codable & Sendable
    typealias Callback = Int                    // the result; leave it out if there is none
}

let backend = try await RedisBackend.connect("redis://127.0.0.1:6379")
let dispatcher = WorkerDispatcher(backend, handlers: .on(Thumbnail.self) { path, context in try await render(path) })
async let work: Void = dispatcher.run()                  // or put it into your ServiceGroup

try await backend.publish(Thumbnail.self, "a.png")       // stored when this returns
let bytes = try await backend.publishAwaitable(Thumbnail.self, "b.png").wait(timeout: .seconds(10))
