import ArgumentParser
import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Turns words of the command line into checked values; each error says what would be right.
enum ArgumentChecks {
    static let name: @Sendable (String) throws -> TaskName = { text in
        try describing { () throws(BellowsError) in try TaskName(text) }
    }

    static let id: @Sendable (String) throws -> TaskID = { text in
        try describing { () throws(BellowsError) in try TaskID(text) }
    }

    /// Operators may also ask for the singleton, whose id no publisher can give.
    static let anyID: @Sendable (String) throws -> TaskID = { text in
        text == TaskID.singleton.rawValue ? .singleton : try id(text)
    }

    static let date: @Sendable (String) throws -> Date = { text in
        guard let date = Timestamp.date(from: text) else {
            throw ValidationError("use a date and time with a time zone, such as 2026-05-01T12:30:00Z")
        }
        return date
    }

    static let attempts: @Sendable (String) throws -> Int = { text in
        guard let count = Int(text) else { throw ValidationError("use a number of attempts, 1 to 1000000") }
        try describing { () throws(BellowsError) in try RetryPolicy(maximumAttempts: count).validate() }
        return count
    }

    static let replicas: @Sendable (String) throws -> Int = { text in
        guard let count = Int(text), (1...100).contains(count) else {
            throw ValidationError("use a number of replicas, 1 to 100")
        }
        return count
    }

    static let partitions: @Sendable (String) throws -> Int = { text in
        guard let count = Int(text), (1...TaskPartitions.maximumCount).contains(count) else {
            throw ValidationError("use a number of parts, 1 to \(TaskPartitions.maximumCount)")
        }
        return count
    }

    static let concurrency: @Sendable (String) throws -> Int = { text in
        guard let count = Int(text), (1...10_000).contains(count) else {
            throw ValidationError("use a number of commands at a time, 1 to 10000")
        }
        return count
    }

    static let lease: @Sendable (String) throws -> LeasePolicy = { text in
        let duration = try DurationArgument.transform(text)
        let name = try TaskName("x")
        try describing { () throws(BellowsError) in
            try ClaimRequest(name: name, selection: .singleton, lease: duration).validate()
        }
        return LeasePolicy(duration: duration)
    }

    /// Hands the core's own explanation to argument-parser.
    static func describing<Value>(_ body: () throws(BellowsError) -> Value) throws -> Value {
        do throws(BellowsError) {
            return try body()
        } catch {
            throw ValidationError(error.description)
        }
    }
}
