import Bellows
import Logging
import Synchronization

/// Log lines of the library on standard error, in the form of the program's own messages. They never wait.
///
/// Until the program is connected they are held back: if that fails, one line tells why, and it is the program's own.
struct CommandLogger: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning

    /// For one-shot commands, which report by their error alone, unless BELLOWS_LOG_LEVEL asks for more.
    static var silent: Logger {
        requestedLevel == nil ? .silent : standard
    }

    /// For commands that stay: warnings and errors, or what BELLOWS_LOG_LEVEL (trace … critical) asks for.
    static var standard: Logger {
        Logger(label: "bellows") { _ in CommandLogger(logLevel: requestedLevel ?? .warning) }
    }

    /// So many lines are held back, the latest: a first connection may take as long as it likes.
    private static let maximumHeldBack = 100

    /// The lines that are held back; nil once they need not be.
    private static let heldBack = Mutex<[[UInt8]]?>([])

    /// Prints what was held back, and from now on everything at once.
    static func open() {
        let lines = heldBack.withLock { lines in
            defer { lines = nil }
            return lines ?? []
        }
        for line in lines { ByteSink.standardError.post(line) }
    }

    private static var requestedLevel: Logger.Level? {
        ProcessEnvironment.current["BELLOWS_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let facts = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = Array((ErrorText.sanitize("bellows: \(event.level): \(event.message)\(facts)") + "\n").utf8)
        let isHeldBack = Self.heldBack.withLock { lines in
            guard lines != nil else { return false }
            lines?.append(line)
            if let count = lines?.count, count > Self.maximumHeldBack { lines?.removeFirst() }
            return true
        }
        if !isHeldBack { ByteSink.standardError.post(line) }
    }
}
