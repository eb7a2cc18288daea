import Synchronization

/// What tells this backend value from all others, in all processes, for all time: 64 random bits.
final class ClientID: Sendable {
    /// Sixteen hexadecimal digits.
    let text: String
    private let lastClaim = Atomic<UInt64>(0)

    init() {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        text = String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A text that no other claim has.
    func nextClaim() -> String {
        "\(text)-\(lastClaim.add(1, ordering: .relaxed).newValue)"
    }
}
