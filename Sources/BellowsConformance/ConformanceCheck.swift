import BellowsTesting

/// One named property that every backend must have.
public struct ConformanceCheck: Sendable, Identifiable, CustomStringConvertible {
    /// The property, as a sentence that begins with the verb that it is about.
    public let name: String

    /// A check that takes longer than this on real time fails: two minutes, and more on a busy machine. Sound ones take
    /// seconds at most.
    public static let deadline = MachineLoad.stretched(.seconds(120))

    /// What came of a check that found no fault.
    @nonexhaustive
    public enum Outcome: Hashable, Sendable {
        /// The property holds.
        case passed
        /// The backend, or the environment, lacks what the property is about, such as an optional capability.
        case notApplicable(reason: String)
    }

    private let body: @Sendable (ConformanceEnvironment) async throws -> Void

    /// Makes a check.
    ///
    /// - Parameters:
    ///   - name: the property, as a sentence.
    ///   - body: throws if the property does not hold, and ``NotApplicable`` if it does not concern the backend.
    public init(_ name: String, _ body: @escaping @Sendable (ConformanceEnvironment) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// The name.
    public var id: String { name }
    /// The name.
    public var description: String { name }

    /// Runs the check. Runs may overlap, on one store too: each uses names of its own.
    ///
    /// - Parameter environment: the backend, and how time passes for it.
    /// - Returns: whether the property was found to hold, or does not concern this backend. Show the difference to those who
    ///   run the checks.
    /// - Throws: ``ConformanceFailure`` if the property does not hold; whatever the backend throws.
    public func run(_ environment: ConformanceEnvironment) async throws -> Outcome {
        let scope = ConformanceScope.make()
        let scoped = environment.scoped(scope)
        do {
            try await ConformanceScope.$current.withValue(scope) {
                try await withDeadline(Self.deadline, name) { try await body(scoped) }
            }
            return .passed
        } catch let reason as NotApplicable {
            return .notApplicable(reason: reason.reason)
        }
    }
}
