/// Whether a message to our own inbox has come back. Knows no clock and no connection.
struct SignalProbe: Sendable {
    private var lastNumber: UInt64 = 0
    private var outstanding: String?

    /// Begins a probe.
    ///
    /// - Returns: the text to send.
    mutating func begin() -> String {
        lastNumber += 1
        let text = String(lastNumber)
        outstanding = text
        return text
    }

    /// The text came in.
    mutating func received(_ text: String) {
        if text == outstanding { outstanding = nil }
    }

    /// The connection has ended, and its fate is known anyway.
    mutating func cancel() {
        outstanding = nil
    }

    /// Whether this probe should have come back, and has not.
    func isMissing(_ text: String) -> Bool { outstanding == text }
}
