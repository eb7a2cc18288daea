import Bellows
import Logging

/// Log lines of the library on standard error, in the form of the program's own messages. They never wait.
struct CommandLogger: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning

    /// For one-shot commands, which report by their error alone, unless BELLOWS_LOG_LEVEL asks for more.
    static var silent: Logger {
        requestedLevel == nil ? Logger(label: "bellows") { _ in SwiftLogNoOpLogHandler() } : standard
    }

    /// For commands that stay: warnings and errors, or what BELLOWS_LOG_LEVEL (trace … critical) asks for.
    static var standard: Logger {
        Logger(label: "bellows") { _ in CommandLogger(logLevel: requestedLevel ?? .warning) }
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
        let line = ErrorText.sanitize("bellows: \(event.level): \(event.message)\(facts)")
        ByteSink.standardError.post(Array("\(line)\n".utf8))
    }
}
