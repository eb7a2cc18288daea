/// What the store gets at the end of an attempt: exactly one of three reports.
enum AttemptReport: Hashable, Sendable {
    /// It went well.
    case finish(FinishRequest)
    /// It did not.
    case fail(FailRequest)
    /// It was given back unworked, to be left alone for so long.
    case release(Lease, after: Duration = .zero)

    /// The lease under which the task ran.
    var lease: Lease {
        switch self {
        case .finish(let request): request.lease
        case .fail(let request): request.lease
        case .release(let lease, _): lease
        }
    }

    /// Whether the attempt went well.
    var isFinish: Bool {
        if case .finish = self { true } else { false }
    }
}
