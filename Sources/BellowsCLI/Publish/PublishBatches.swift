import Bellows

/// Lines that wait to be published, numbered as they came.
struct PublishBatches {
    /// What to do with the next lines.
    enum Step: Equatable {
        /// Publish these; the first has this number.
        case publish([[UInt8]], first: Int)
        /// This line is too long to be published.
        case refuse(size: Int, number: Int)
    }

    private var lines: ArraySlice<LineSplitter.Line> = []
    private var firstNumber = 0

    /// How many lines wait.
    var count: Int { lines.count }

    mutating func append(_ more: [LineSplitter.Line]) {
        lines = lines.isEmpty ? more[...] : lines + more
    }

    /// Takes out what goes next.
    ///
    /// - Parameter room: how many tasks may be in flight in addition.
    /// - Returns: nil if nothing waits or there is no room.
    mutating func next(room: Int) -> Step? {
        guard room > 0, let first = lines.first else { return nil }
        let number = firstNumber
        if case .tooLong(let size) = first {
            lines.removeFirst()
            firstNumber += 1
            return .refuse(size: size, number: number)
        }
        var payloads: [[UInt8]] = []
        while payloads.count < room, case .bytes(let payload)? = lines.first {
            payloads.append(payload)
            lines.removeFirst()
        }
        firstNumber += payloads.count
        return .publish(payloads, first: number)
    }
}
