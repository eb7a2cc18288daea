/// Splits a stream of bytes into lines, whatever the pieces in which it arrives. Knows no input.
struct LineSplitter {
    /// One line, without its newline.
    enum Line: Equatable {
        case bytes([UInt8])
        /// A line of so many bytes, more than allowed; its content was not kept.
        case tooLong(Int)
    }

    private let limit: Int
    private var partial: [UInt8] = []
    /// How long the unfinished line is, kept or not.
    private var partialCount = 0

    /// - Parameter limit: the most bytes of a line that are kept.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next bytes.
    ///
    /// - Returns: the lines that they complete.
    mutating func append(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            keep(rest[..<end])
            lines.append(take())
            rest = rest[(end + 1)...]
        }
        keep(rest)
        return lines
    }

    /// Ends the stream.
    ///
    /// - Returns: the last line, if it had no newline.
    mutating func finish() -> Line? {
        partialCount == 0 ? nil : take()
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        partialCount += bytes.count
        if partialCount <= limit { partial.append(contentsOf: bytes) } else { partial = [] }
    }

    private mutating func take() -> Line {
        defer {
            partial = []
            partialCount = 0
        }
        return partialCount <= limit ? .bytes(partial) : .tooLong(partialCount)
    }
}
