// Samples of the article Defining tasks.

import Bellows
import Logging

struct Digest: Codable, Sendable {
    var user: String
    var mails: [String]
}

enum DigestMail: TaskDefinition {
    static let name = "mail.digest"
    typealias Trigger = PublishTrigger<Digest>
}

enum Checksum: TaskDefinition {
    static let name = "files.checksum"
    typealias Trigger = PublishTrigger<[UInt8]>
    typealias Callback = [UInt8]
    static let codec = RawPayloadCodec()
}

enum Thumbnail: TaskDefinition {
    static let name = "images.thumbnail"
    typealias Trigger = PublishTrigger<String>
    static let options = TaskOptions(retry: RetryPolicy(maximumAttempts: 8), resultRetention: .seconds(600))
}

let backend = InMemoryBackend()
let logger = Logger(label: "publisher")
let path = "a.png"

do {
    try await backend.publish(Thumbnail.self, path)
} catch {
    logger.error("cannot publish", metadata: ["error": "\(error)", "passes by itself": "\(error.isRetryable)"])
}

let digest = Digest(user: "u1", mails: [])

try await backend.publish(
    DigestMail.self,
    digest,
    options: PublishOptions(availability: .after(.seconds(60)))
)

let id = try TaskID("digest:\(digest.user)")
let published = try await backend.publish(DigestMail.self, digest, options: PublishOptions(id: id))
if published.disposition == .alreadyDead {
    print("the digest has died: retry or delete the dead letter")
}

let outcomes = try await backend.publish(DigestMail.self, contentsOf: [digest, digest])
for case .failure(let error) in outcomes {
    print(error)
}

try await backend.publish(
    DigestMail.self,
    digest,
    options: PublishOptions(durability: .replicated(to: 1, within: .seconds(1)))
)
