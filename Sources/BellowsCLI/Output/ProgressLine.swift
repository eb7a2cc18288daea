/// A line on the terminal that is written over again and again; nothing at all if standard error is no terminal.
struct ProgressLine {
    private var meter: ProgressMeter
    private let isShown: Bool
    private var isVisible = false
    private var text: String?

    init(isShown: Bool = ByteSink.standardError.isTerminal) {
        meter = ProgressMeter(start: .now)
        self.isShown = isShown
    }

    /// Shows where things stand, if the last line is not too fresh; shows the last line again if it was taken away.
    mutating func update(done: Int, left: Int?) async {
        guard isShown else { return }
        if let line = meter.line(done: done, left: left, at: .now) {
            text = line
        } else if isVisible {
            return
        }
        guard let text else { return }
        isVisible = true
        await ByteSink.standardError.pass(Array("\r\u{1B}[K\(text)".utf8))
    }

    /// Takes the line away, so that other output can go where it stood.
    mutating func clear() async {
        guard isVisible else { return }
        isVisible = false
        await ByteSink.standardError.pass(Array("\r\u{1B}[K".utf8))
        await ByteSink.standardError.flush()
    }
}
