/// Input that is refused before anything is sent; one place for what each of them is called.
extension BellowsError {
    /// Not a valid name of a definition.
    ///
    /// - Parameter excerpt: the beginning of the text, safe to print.
    package static func name(_ excerpt: String) -> BellowsError {
        BellowsError(.invalidInput, "invalid task name \"\(excerpt)\": \(identifierRule)")
    }

    /// Not a valid id of a task.
    ///
    /// - Parameter excerpt: the beginning of the text, safe to print.
    package static func id(_ excerpt: String) -> BellowsError {
        let rule =
            excerpt.hasPrefix("~")
            ? "ids that begin with ~ are those of Bellows itself: begin yours with a letter, a digit or _"
            : identifierRule
        return BellowsError(.invalidInput, "invalid task id \"\(excerpt)\": \(rule)")
    }

    /// A cursor that is none, or belongs to another list.
    ///
    /// - Parameter excerpt: the beginning of the text, safe to print.
    package static func cursor(_ excerpt: String) -> BellowsError {
        BellowsError(.invalidInput, "invalid cursor \"\(excerpt)\": use one that a page of the same list gave")
    }

    /// A state that a list cannot be made of.
    package static func unlistedState(_ state: TaskState) -> BellowsError {
        BellowsError(
            .invalidInput,
            "there is no list of \(state.rawValue) tasks: use \(TaskState.listed.map(\.rawValue).joined(separator: ", "))"
        )
    }

    /// A text to search for that is empty or too long.
    package static func searchedBytes(_ count: Int) -> BellowsError {
        BellowsError(.invalidInput, "\(count) bytes to search for: use 1 to \(VerbLimits.searchedBytes)")
    }

    /// A payload over its limit.
    package static func payloadTooLarge(size: Int, limit: Int) -> BellowsError {
        BellowsError(.tooLarge, "payload of \(size) bytes is over the limit of \(limit) bytes")
    }

    /// Headers that are over their limit in all.
    package static func headersTooLarge(size: Int, limit: Int) -> BellowsError {
        BellowsError(.tooLarge, "headers of \(size) bytes are over the limit of \(limit) bytes")
    }

    /// A delay or date that is not a number, infinite, or more than ten years ahead.
    package static func delay(_ text: String) -> BellowsError {
        BellowsError(.invalidInput, "invalid delay \(text): use a finite time of at most ten years")
    }

    /// A number of attempts below 1 or above 1,000,000.
    package static func maximumAttempts(_ count: Int) -> BellowsError {
        BellowsError(.invalidInput, "invalid maximum of attempts \(count): use 1 to 1000000")
    }

    /// A backoff whose waits or factor make no sense.
    package static func backoff(_ text: String) -> BellowsError {
        BellowsError(
            .invalidInput,
            "invalid backoff, \(text): use waits of zero to ten years and a factor of 1 to a billion"
        )
    }

    /// A limit of sizes that is negative or larger than any store takes.
    package static func limit(_ what: String, _ bytes: Int, maximum: Int) -> BellowsError {
        BellowsError(.invalidConfiguration, "invalid limit for \(what), \(bytes) bytes: use 0 to \(maximum)")
    }

    /// A lease shorter than 100 milliseconds or longer than a day.
    package static func lease(_ duration: Duration) -> BellowsError {
        BellowsError(.invalidInput, "invalid lease \(duration): use 100 milliseconds to one day")
    }

    /// The same id stands twice in one call.
    package static func duplicateID(_ id: TaskID) -> BellowsError {
        BellowsError(.invalidInput, "the id \(id) stands twice in one call")
    }

    /// More items in one call than the verb takes, or none where one is needed.
    package static func tooManyItems(count: Int, limit: Int) -> BellowsError {
        BellowsError(.tooLarge, "\(count) items in one call: use 1 to \(limit)")
    }

    /// Payloads and headers of one call that are too large together.
    package static func listTooLarge(limit: Int) -> BellowsError {
        BellowsError(.tooLarge, "the items of one call are over \(limit) bytes in all: publish fewer at a time")
    }

    /// A number of replicas, or a time to wait for them, that makes no sense.
    package static func durability(_ text: String) -> BellowsError {
        BellowsError(
            .invalidInput,
            "invalid durability, \(text): use 1 to 100 replicas and a millisecond to an hour"
        )
    }

    /// A number of partitions below 1 or above ``TaskPartitions/maximumCount``.
    package static func partitions(_ count: Int) -> BellowsError {
        BellowsError(
            .invalidInput,
            "invalid number of partitions \(count): use 1 to \(TaskPartitions.maximumCount)"
        )
    }

    /// A payload that its codec could not encode.
    package static func encoding(_ error: any Error) -> BellowsError {
        BellowsError(
            .invalidInput,
            "the payload could not be encoded: \(ErrorText.describe(error))",
            underlying: error
        )
    }

    private static var identifierRule: String {
        "use 1 to 200 letters, digits and . _ - : /, beginning with a letter, a digit or _"
    }
}
