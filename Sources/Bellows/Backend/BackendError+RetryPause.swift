extension BackendError {
    /// How long whoever has to get through in the end waits at least before the next try; nil if trying is of no use.
    ///
    /// A right that is missing, or a server that is none of ours, is mended by somebody, and perhaps soon; but servers
    /// count such attempts.
    var retryPause: Duration? {
        switch code {
        case .unavailable, .outcomeUnknown, .storeFull, .notPrimary: .zero
        case .accessDenied, .unsupportedServer: .seconds(1)
        case .layoutMismatch, .invalidData, .invalidConfiguration, .closed: nil
        }
    }

    /// Whether somebody has to mend something, and should hear of it.
    var isWorthAWarning: Bool {
        switch code {
        case .unavailable, .outcomeUnknown, .storeFull, .notPrimary, .closed: false
        case .accessDenied, .unsupportedServer, .layoutMismatch, .invalidData, .invalidConfiguration: true
        }
    }
}

extension Error {
    /// How long to wait at least before the next try after any error; after one of an unknown kind, not at all.
    var retryPause: Duration? {
        guard let error = self as? BackendError else { return .zero }
        return error.retryPause
    }

    /// Whether what failed so may have been carried out.
    var mayBeDone: Bool {
        guard let error = self as? BackendError else { return true }
        return error.code == .outcomeUnknown
    }
}
