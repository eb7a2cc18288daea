extension BellowsError {
    /// What was asked for when an error came up. Backends may name verbs of their own.
    public struct Verb: Hashable, Sendable, CustomStringConvertible {
        /// The name of the verb, such as `publish`.
        public let name: String

        /// Names a verb.
        ///
        /// - Parameter name: one word.
        public init(_ name: String) {
            self.name = name
        }

        /// The name of the verb.
        public var description: String { name }

        /// Storing tasks.
        public static let publish = Verb("publish")
        /// Taking tasks.
        public static let claim = Verb("claim")
        /// Extending leases.
        public static let renew = Verb("renew")
        /// Ending attempts well.
        public static let finish = Verb("finish")
        /// Ending failed attempts.
        public static let fail = Verb("fail")
        /// Giving tasks back.
        public static let release = Verb("release")
        /// Looking for results.
        public static let result = Verb("result")
        /// Listening for signals.
        public static let subscribe = Verb("subscribe")
        /// Passing a wake-up on to another process.
        public static let forwardWakeUp = Verb("forwardWakeUp")
        /// Comparing the number of partitions with the store's.
        public static let registerPartitionCount = Verb("registerPartitionCount")
        /// Looking into the store.
        public static let inspect = Verb("inspect")
        /// Changing what is stored: cancelling tasks, working on dead letters.
        public static let manage = Verb("manage")
        /// Closing a definition.
        public static let pause = Verb("pause")
        /// Opening a definition.
        public static let resume = Verb("resume")
        /// Opening the first connection.
        public static let connect = Verb("connect")
        /// Running a dispatcher.
        public static let run = Verb("run")
    }
}
