public import Bellows

/// Something in a store that contradicts the rules which all scripts keep.
public struct StoreViolation: Hashable, Sendable, CustomStringConvertible {
    /// Which rule.
    @nonexhaustive
    public enum Kind: String, Sendable, CaseIterable {
        /// A ready task that the list does not name: no worker will ever find it.
        case unreachable
        /// A task that is in two states at once.
        case twoStates = "two_states"
        /// A task whose record is gone: it cannot run.
        case recordMissing = "record_missing"
        /// A lease without a token: its holder, if there is one, cannot report.
        case leaseWithoutToken = "lease_without_token"
        /// The token of a claim without its lease.
        case tokenWithoutLease = "token_without_lease"
        /// Something about a task that does not exist (any more).
        case leftover
        /// A text that is not in the form in which the scripts write it.
        case malformed
        /// A time so far away that no script can have set it.
        case tooFar = "too_far"
        /// A key that should expire and does not, or the other way round.
        case expiry
        /// A key of the wrong type.
        case wrongType = "wrong_type"
        /// A key that no script makes.
        case unknownKey = "unknown_key"
    }

    /// Which rule.
    public let kind: Kind
    /// The definition; nil for a key that belongs to none.
    public let definition: TaskName?
    /// The task; nil if a whole key is concerned.
    public let id: TaskID?
    /// The key; nil if a task is concerned, which has several.
    public let key: String?
    /// What is wrong, for people.
    public let text: String

    init(_ kind: Kind, definition: TaskName?, id: TaskID? = nil, key: String? = nil, _ text: String) {
        (self.kind, self.definition, self.id, self.key, self.text) = (kind, definition, id, key, text)
    }

    /// One line.
    public var description: String {
        let place = id.map { "\(definition.map(String.init(describing:)) ?? "") \($0)" } ?? key ?? ""
        return "\(kind.rawValue) \(place): \(text)"
    }
}
