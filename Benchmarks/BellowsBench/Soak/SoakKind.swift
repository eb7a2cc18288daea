import Bellows
import Foundation

/// The kinds of tasks in a soak; each is a definition of its own.
enum SoakKind: String, CaseIterable {
    /// Works for a few milliseconds.
    case plain = "soak.plain"
    /// Fails its first attempt.
    case retried = "soak.retried"
    /// Is due later.
    case delayed = "soak.delayed"
    /// Its publisher waits for the result.
    case awaited = "soak.awaited"
    /// Has an id that its publisher gave, and is published twice.
    case given = "soak.given"
    /// Ends as a dead letter.
    case doomed = "soak.doomed"
    /// Runs once more if its first success comes soon.
    case repeated = "soak.repeated"
    /// Belongs to a definition that is divided into parts.
    case divided = "soak.divided"

    /// The singleton beside them.
    static let singleton = "soak.tick"

    var name: TaskName {
        get throws { try TaskName(rawValue) }
    }

    var partitions: TaskPartitions {
        get throws { try TaskPartitions(name, count: self == .divided ? 3 : 1) }
    }

    /// How many successes each task has at least and at most.
    var successes: ClosedRange<Int> {
        switch self {
        case .doomed: 0...0
        case .repeated: 1...2
        default: 1...1
        }
    }

    /// One kind, as often as it should come.
    static func random(using generator: inout some RandomNumberGenerator) -> SoakKind {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<30: .plain
        case 30..<38: .divided
        case 38..<50: .retried
        case 50..<65: .delayed
        case 65..<83: .awaited
        case 83..<93: .given
        case 93..<94: .doomed
        default: .repeated
        }
    }
}

/// Milliseconds of the monotonic clock that all processes of this machine share.
func sharedMilliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}
