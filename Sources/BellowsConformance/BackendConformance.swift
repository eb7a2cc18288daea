/// The list of properties that every backend must have.
///
/// A backend's test target runs it like this, with any test framework (`MeteredBackend` is the backend under test):
///
/// ```swift
/// @Test(arguments: BackendConformance.checks)
/// func conforms(_ check: ConformanceCheck) async throws {
///     let environment = ConformanceEnvironment { MeteredBackend(Self.store) }
///     if case .notApplicable(let reason) = try await check.run(environment) { try Test.cancel("\(reason)") }
/// }
/// ```
public enum BackendConformance {
    /// All checks. They are independent of each other and may run in parallel on one store.
    public static let checks: [ConformanceCheck] =
        PublishChecks.all + PayloadChecks.all + ClaimChecks.all + OrderChecks.all + LeaseChecks.all + FinishChecks.all
        + ResultChecks.all + RetryChecks.all + SweepChecks.all + SingletonChecks.all + SignalChecks.all
        + IsolationChecks.all + InspectionChecks.all + ListingChecks.all + PauseChecks.all + CancelChecks.all
        + ChangeChecks.all + PartitionChecks.all
        + NewerRecordChecks.all + dispatcherChecks

    /// What dispatchers and waiters make of the backend.
    private static let dispatcherChecks: [ConformanceCheck] =
        DispatcherChecks.all + DispatcherRetryChecks.all + DispatcherSingletonChecks.all + RunOnceChecks.all
        + OutageChecks.all
}
