#if FUZZING
    import Bellows
    import Foundation

    @testable import BellowsRedis

    /// Everything that bytes from a server go through, in one call.
    enum ReplyPath {
        /// The most bytes of one reply.
        private static let maximumReplyBytes = 64 << 10

        /// Decodes bytes in pieces of a size, and hands each reply to all who read replies.
        ///
        /// - Returns: how many replies there were, before the end or the first violation.
        static func run(_ bytes: UnsafeRawBufferPointer, pieceSize: Int) -> Int {
            guard let decoder = ReplyDecoder(maximumReplyBytes: maximumReplyBytes) else { return 0 }
            var count = 0
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + max(1, pieceSize))
                do {
                    try decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { reply in
                        count += 1
                        read(reply)
                        return true
                    }
                } catch {
                    // The connection would be closed here; what was decoded before counts.
                    start = bytes.count
                }
                start = max(start, end)
            }
            precondition(decoder.driver.repliesTaken == decoder.driver.repliesFreed, "a reply was not freed")
            return count
        }

        private static func read(_ reply: RedisReply) {
            guard let name = try? TaskName("fuzz") else { return }
            let keys = RedisKeySpace(prefix: "bellows")
            if case .error(let error) = reply { _ = (error.backendError, error.redirect) }
            for isSharded in [false, true] {
                var machine = SubscriptionStateMachine(isSharded: isSharded)
                _ = machine.want(["bellows:2:{fuzz}:wake"])
                _ = machine.connected()
                _ = machine.received(reply)
            }
            _ = ClusterMap(slots: reply, from: "fuzz")?.primaries
            _ = SentinelInquiry.primary(in: reply)
            if let text = reply.asText { _ = ServerFacts(info: text) }
            if let bytes = reply.asBytes {
                _ = try? RecordCoder.decode(bytes)
                _ = SentinelWatcher.newPrimary(of: "fuzz", in: bytes)
                _ = SignalMessage(channel: Array("bellows:2:{fuzz}:wake".utf8), payload: bytes, keys: keys)
            }
            guard let parts = reply.asArray else { return }
            let claim = EarliestClaim(count: 10, lease: .seconds(20), nonce: "n", isNoted: false, waits: true)
            _ = try? claim.read(parts, name: name)
            if parts.count >= TaskFacts.width, let facts = TaskFacts(parts.prefix(TaskFacts.width)) {
                _ = facts.problems(now: 0, longestLease: 1000)
            }
            _ = ServerClock.skew(
                of: reply,
                asked: Date(timeIntervalSince1970: 0),
                answered: Date(timeIntervalSince1970: 1)
            )
            if parts.count == 3, let channel = parts[1].asBytes, let payload = parts[2].asBytes {
                _ = SignalMessage(channel: channel, payload: payload, keys: keys)
            }
            for part in parts { read(part) }
        }
    }
#endif
