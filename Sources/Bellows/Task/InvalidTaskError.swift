/// Input that is refused before anything is sent. Nothing was stored, and repeating the call cannot help.
public enum InvalidTaskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not a valid name of a definition; the excerpt is safe to print.
    case name(String)
    /// Not a valid id of a task; the excerpt is safe to print.
    case id(String)
    /// The payload has `size` bytes, more than `limit`.
    case payloadTooLarge(size: Int, limit: Int)
    /// The headers have `size` bytes in all, more than `limit`.
    case headersTooLarge(size: Int, limit: Int)
    /// The delay or date is not a number, infinite, or more than ten years ahead.
    case delay(String)
    /// A number of attempts below 1 or above 1,000,000.
    case maximumAttempts(Int)
    /// A lease shorter than 100 milliseconds or longer than a day.
    case lease(Duration)
    /// The same id stands twice in one call.
    case duplicateID(TaskID)
    /// More items in one call than the verb takes.
    case tooManyItems(count: Int, limit: Int)
    /// The payloads and headers of one call have more bytes than `limit` in all.
    case listTooLarge(limit: Int)
    /// A number of replicas or a time to wait for them that makes no sense.
    case durability(String)
    /// A number of partitions below 1 or above ``TaskPartitions/maximumCount``.
    case partitions(Int)
    /// The payload could not be encoded; the reason is the codec's.
    case encoding(String)

    /// What is wrong, and what would be right, in one line.
    public var description: String {
        switch self {
        case .name(let excerpt):
            "invalid task name \"\(excerpt)\": use 1 to 200 requests, digits and . _ - : /, "
                + "beginning with a letter, a digit or _"
        case .id(let excerpt):
            "invalid task id \"\(excerpt)\": use 1 to 200 requests, digits and . _ - : /, "
                + "beginning with a letter, a digit or _"
        case .payloadTooLarge(let size, let limit):
            "payload of \(size) bytes is over the limit of \(limit) bytes"
        case .headersTooLarge(let size, let limit):
            "headers of \(size) bytes are over the limit of \(limit) bytes"
        case .delay(let text):
            "invalid delay \(text): use a finite time of at most ten years"
        case .maximumAttempts(let count):
            "invalid maximum of attempts \(count): use 1 to 1000000"
        case .lease(let duration):
            "invalid lease \(duration): use 100 milliseconds to one day"
        case .duplicateID(let id):
            "the id \(id) stands twice in one call"
        case .tooManyItems(let count, let limit):
            "\(count) items in one call, at most \(limit) are taken"
        case .listTooLarge(let limit):
            "the items of one call are over \(limit) bytes in all: publish fewer at a time"
        case .durability(let text):
            "invalid durability, \(text): use 1 to 100 replicas and a millisecond to an hour"
        case .partitions(let count):
            "invalid number of partitions \(count): use 1 to \(TaskPartitions.maximumCount)"
        case .encoding(let reason):
            "the payload could not be encoded: \(reason)"
        }
    }
}
