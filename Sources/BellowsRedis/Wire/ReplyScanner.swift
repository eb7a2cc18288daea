/// Looks through incoming bytes before the parser gets them, so that no header makes it allocate without bound.
///
/// It follows the framing only: type bytes, lengths and counts. Bodies are skipped by length.
struct ReplyScanner {
    /// The most arrays inside each other. hiredis 0.14 has no room for more.
    static let maximumDepth = 7
    /// The most elements of one reply, counted through all its arrays.
    static let maximumElements = 1_000_000
    /// The longest status, error or number.
    static let maximumLine = 64 << 10

    private enum Expectation {
        case type
        /// A length or a count; `isNegative` and `digits` are what was read of it.
        case number(isArray: Bool, isNegative: Bool, digits: Int)
        /// The rest of a line up to its line feed, of which `length` bytes were seen.
        case line(length: Int)
        /// The line feed after the carriage return of a number.
        case endOfNumber(isArray: Bool, isNegative: Bool)
        /// This many bytes of a body, and then its line end.
        case body(Int)
        case carriageReturn
        case lineFeed
    }

    private let maximumBytes: Int
    private var expectation = Expectation.type
    private var number = 0
    private var lastWasCarriageReturn = false
    /// How many elements are still to come in each open array.
    private var open: [Int] = []
    private var bytesOfReply = 0
    private var elementsOfReply = 0

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        open.reserveCapacity(Self.maximumDepth)
    }

    /// Follows the framing through more bytes.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var index = 0
        while index < bytes.count {
            if case .body(let remaining) = expectation {
                let step = min(remaining, bytes.count - index)
                index += step
                expectation = remaining == step ? .carriageReturn : .body(remaining - step)
                continue
            }
            let byte = bytes[index]
            index += 1
            bytesOfReply += 1
            try accept(byte)
        }
        // Bodies were added when their length was read, so this bounds every kind of reply.
        if bytesOfReply > maximumBytes { throw tooLarge }
    }

    private mutating func accept(_ byte: UInt8) throws(ProtocolViolation) {
        switch expectation {
        case .type: try acceptType(byte)
        case .line(let length):
            if byte == UInt8(ascii: "\n"), lastWasCarriageReturn {
                try endValue()
            } else {
                guard length < Self.maximumLine else { throw ProtocolViolation("a line of the reply is too long") }
                lastWasCarriageReturn = byte == UInt8(ascii: "\r")
                expectation = .line(length: length + 1)
            }
        case .number(let isArray, let isNegative, let digits):
            try acceptDigit(byte, isArray: isArray, isNegative: isNegative, digits: digits)
        case .endOfNumber(let isArray, let isNegative):
            guard byte == UInt8(ascii: "\n") else { throw ProtocolViolation("a length has no line end") }
            try endNumber(isArray: isArray, isNegative: isNegative)
        case .carriageReturn:
            guard byte == UInt8(ascii: "\r") else { throw ProtocolViolation("a string is longer than announced") }
            expectation = .lineFeed
        case .lineFeed:
            guard byte == UInt8(ascii: "\n") else { throw ProtocolViolation("a string is longer than announced") }
            try endValue()
        case .body: break
        }
    }

    private mutating func acceptType(_ byte: UInt8) throws(ProtocolViolation) {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"):
            lastWasCarriageReturn = false
            expectation = .line(length: 0)
        case UInt8(ascii: "$"), UInt8(ascii: "*"):
            number = 0
            expectation = .number(isArray: byte == UInt8(ascii: "*"), isNegative: false, digits: 0)
        default:
            throw ProtocolViolation("a reply begins with byte \(byte), which Redis' protocol version 2 does not have")
        }
    }

    private mutating func acceptDigit(
        _ byte: UInt8,
        isArray: Bool,
        isNegative: Bool,
        digits: Int
    ) throws(ProtocolViolation) {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard digits < 10 else { throw isArray ? tooMany : tooLarge }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            expectation = .number(isArray: isArray, isNegative: isNegative, digits: digits + 1)
        case UInt8(ascii: "-") where digits == 0 && !isNegative:
            expectation = .number(isArray: isArray, isNegative: true, digits: 0)
        case UInt8(ascii: "\r") where digits > 0:
            expectation = .endOfNumber(isArray: isArray, isNegative: isNegative)
        default:
            throw ProtocolViolation("a length is not a number")
        }
    }

    private mutating func endNumber(isArray: Bool, isNegative: Bool) throws(ProtocolViolation) {
        if isNegative {
            guard number == 1 else { throw ProtocolViolation("a length is negative") }
            try endValue()
        } else if isArray {
            elementsOfReply += number
            guard elementsOfReply <= Self.maximumElements else { throw tooMany }
            guard open.count < Self.maximumDepth else { throw ProtocolViolation("a reply is nested too deep") }
            guard number > 0 else { return try endValue() }
            open.append(number)
            expectation = .type
        } else {
            bytesOfReply += number
            guard bytesOfReply <= maximumBytes else { throw tooLarge }
            expectation = number == 0 ? .carriageReturn : .body(number)
        }
    }

    private mutating func endValue() throws(ProtocolViolation) {
        expectation = .type
        while let remaining = open.last {
            if remaining > 1 {
                open[open.count - 1] = remaining - 1
                return
            }
            open.removeLast()
        }
        if bytesOfReply > maximumBytes { throw tooLarge }
        bytesOfReply = 0
        elementsOfReply = 0
    }

    private var tooLarge: ProtocolViolation { ProtocolViolation("a reply has more than \(maximumBytes) bytes") }
    private var tooMany: ProtocolViolation {
        ProtocolViolation("a reply has more than \(Self.maximumElements) elements")
    }
}
