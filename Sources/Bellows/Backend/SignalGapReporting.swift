/// A backend that can tell whether its signals come through; optional.
public protocol SignalGapReporting: Backend {
    /// For how long signals have not been coming through, for all subscriptions of this value.
    ///
    /// An implementer owes: count from the moment when a gap was noticed, or the first subscription was asked for, until
    /// ``BackendSignal/checkEverything`` has told of its end.
    ///
    /// - Returns: nil if they come through, or nobody has subscribed.
    func signalGap() -> Duration?
}
