package import Logging

extension Logger {
    /// Says nothing; what is used where a caller gives no logger.
    package static var silent: Logger { Logger(label: "bellows") { _ in SwiftLogNoOpLogHandler() } }
}
