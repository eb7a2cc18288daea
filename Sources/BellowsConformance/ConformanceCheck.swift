/// One named property that every backend must have.
public struct ConformanceCheck: Sendable, Identifiable, CustomStringConvertible {
    /// The property, as a sentence that begins with the verb that it is about.
    public let name: String

    /// A check that takes longer than this on real time fails. Sound ones take seconds at most.
    public static let deadline = Duration.seconds(120)

    private let body: @Sendable (ConformanceEnvironment) async throws -> Void

    /// Makes a check.
    ///
    /// - Parameters:
    ///   - name: the property, as a sentence.
    ///   - body: throws if the property does not hold.
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
    /// - Throws: ``ConformanceFailure`` if the property does not hold; whatever the backend throws.
    public func run(_ environment: ConformanceEnvironment) async throws {
        let scope = ConformanceScope.make()
        let scoped = environment.scoped(scope)
        try await ConformanceScope.$current.withValue(scope) {
            try await withDeadline(Self.deadline, name) { try await body(scoped) }
        }
    }
}
