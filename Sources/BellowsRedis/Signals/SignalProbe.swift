/// Whether messages to our own inboxes have come back. Knows no clock and no connection.
struct SignalProbe: Sendable {
    private var lastNumber: UInt64 = 0
    private var outstanding: Set<String> = []

    /// Begins a probe.
    ///
    /// - Returns: the text to send.
    mutating func begin() -> String {
        lastNumber += 1
        let text = String(lastNumber)
        outstanding.insert(text)
        return text
    }

    /// The text came in.
    mutating func received(_ text: String) {
        outstanding.remove(text)
    }

    /// A probe was not sent after all.
    mutating func withdraw(_ text: String) {
        outstanding.remove(text)
    }

    /// The connection has ended, and its fate is known anyway.
    mutating func cancel() {
        outstanding = []
    }

    /// Whether this probe should have come back, and has not.
    func isMissing(_ text: String) -> Bool { outstanding.contains(text) }
}
