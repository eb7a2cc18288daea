extension BellowsError {
    /// How long a caller that has to get through in the end waits at least before the next try; nil if trying is of no
    /// use.
    ///
    /// A right that is missing, or a server that is not ours, is mended by somebody, and perhaps soon; but servers
    /// count such attempts.
    var retryPause: Duration? {
        switch code.kind {
        case .unavailable, .outcomeUnknown, .storeFull, .notPrimary: .zero
        case .accessDenied, .unsupportedServer: .seconds(1)
        case .layoutMismatch, .invalidData, .invalidConfiguration, .closed, .invalidInput, .tooLarge, .alreadyRunning,
            .cancelled, .unsupported:
            nil
        }
    }

    /// Whether somebody has to mend something, and should hear of it.
    var isWorthAWarning: Bool {
        switch code.kind {
        case .unavailable, .outcomeUnknown, .storeFull, .notPrimary, .closed, .cancelled: false
        case .accessDenied, .unsupportedServer, .layoutMismatch, .invalidData, .invalidConfiguration, .invalidInput,
            .tooLarge, .alreadyRunning, .unsupported:
            true
        }
    }

    /// Whether what failed so may have been carried out.
    var mayBeDone: Bool {
        switch code.kind {
        case .outcomeUnknown, .cancelled: true
        case .unavailable, .storeFull, .notPrimary, .accessDenied, .unsupportedServer, .layoutMismatch, .invalidData,
            .invalidConfiguration, .closed, .invalidInput, .tooLarge, .alreadyRunning, .unsupported:
            false
        }
    }
}
