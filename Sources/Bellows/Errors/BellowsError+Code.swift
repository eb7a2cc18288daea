extension BellowsError {
    /// What kind of failure an error is. Later versions may know more codes.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case unavailable, outcomeUnknown, accessDenied, storeFull, notPrimary, unsupportedServer, layoutMismatch
            case invalidData, invalidConfiguration, closed, invalidInput, tooLarge, alreadyRunning, cancelled
            case unsupported

            package var code: Code { Code(self) }
        }

        /// What this package switches over, so that the compiler finds the places that a new code needs.
        package let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// The name of the code, such as `unavailable`.
        public var description: String { kind.rawValue }

        /// The store could not be reached, or is not ready, within the time allowed. Nothing was changed.
        public static let unavailable = Code(.unavailable)
        /// The request was sent and no answer came: it may or may not have been carried out.
        public static let outcomeUnknown = Code(.outcomeUnknown)
        /// The store refuses our credentials, or they lack a permission.
        public static let accessDenied = Code(.accessDenied)
        /// The store takes no more data for now: out of memory or disk.
        public static let storeFull = Code(.storeFull)
        /// The server is a replica, not the primary.
        public static let notPrimary = Code(.notPrimary)
        /// The server, or a setting of it, is not one that durable tasks can be kept in.
        public static let unsupportedServer = Code(.unsupportedServer)
        /// The data under our prefix was written by another layout version, or with another number of partitions.
        public static let layoutMismatch = Code(.layoutMismatch)
        /// Something under our keys is not ours, or a reply makes no sense.
        public static let invalidData = Code(.invalidData)
        /// An address, a setting or a set of handlers cannot work.
        public static let invalidConfiguration = Code(.invalidConfiguration)
        /// The backend was closed.
        public static let closed = Code(.closed)
        /// A name, an id or an option is not valid, or a payload could not be encoded. Nothing was sent, and repeating
        /// the call cannot help.
        public static let invalidInput = Code(.invalidInput)
        /// A payload, headers or a list is larger than ``TaskLimits`` or the verb allows. Nothing was sent.
        public static let tooLarge = Code(.tooLarge)
        /// A dispatcher was asked to run while it runs.
        public static let alreadyRunning = Code(.alreadyRunning)
        /// The calling Swift task was cancelled. Verbs do not throw `CancellationError`. What was sent before may have
        /// been carried out.
        public static let cancelled = Code(.cancelled)
        /// The backend lacks a capability that the call needs. Nothing was sent.
        public static let unsupported = Code(.unsupported)
    }
}
