import Bellows

/// Why the program ends without success: an exit code and one actionable line.
struct CommandFailure: Error {
    let status: ProgramStatus
    let message: String

    init(_ status: ProgramStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Finds the exit code and the text for an error from any layer.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as BellowsError: self.init(Self.status(of: error), error.message)
        case let error as TaskAwaitError: self.init(Self.status(of: error), error.description)
        default: self.init(.failed, ErrorText.describe(error))
        }
    }

    private static func status(of error: BellowsError) -> ProgramStatus {
        switch error.code.kind {
        case .storeFull, .invalidData, .tooLarge, .alreadyRunning, .cancelled, .unsupported: .failed
        case .invalidConfiguration, .invalidInput: .usage
        case .unavailable, .outcomeUnknown, .accessDenied, .notPrimary, .unsupportedServer, .layoutMismatch, .closed:
            .unavailable
        }
    }

    private static func status(of error: TaskAwaitError) -> ProgramStatus {
        switch error {
        case .timedOut: .timedOut
        case .backend(let error): status(of: error)
        case .dead, .taskCancelled, .expired, .unknown, .undecodable, .cancelled: .failed
        }
    }
}
