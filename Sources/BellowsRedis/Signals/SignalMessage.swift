import Bellows

/// A message on one of our channels.
enum SignalMessage: Equatable, Sendable {
    /// Something for subscribers.
    case signal(BackendSignal)
    /// Results are stored.
    case results([ResultAnnouncement])
    /// Somebody else was woken for a task of this definition; look whether it is still there a little later.
    case secondLook(TaskName)
    /// Our own probe came back.
    case probe(String)

    /// Reads a message; nil if it is not ours.
    init?(channel: [UInt8], payload: [UInt8], keys: RedisKeySpace) {
        let space = UInt8(ascii: " ")
        let words = payload.split(separator: space, maxSplits: 2, omittingEmptySubsequences: false)
        let first = String(decoding: words[0], as: UTF8.self)
        let second = words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
        if words.count == 3, first == "result" {
            guard let name = keys.name(ofKey: second), let announcements = ResultAnnouncement.read(words[2], of: name)
            else { return nil }
            self = .results(announcements)
        } else if words.count == 3, first == "cancel" {
            // ID, token and reason, which may hold spaces and be empty.
            let rest = words[2].split(separator: space, maxSplits: 2, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard rest.count == 3, let name = keys.name(ofKey: second) else { return nil }
            let token = LeaseToken(rest[1])
            let id = TaskID(unchecked: rest[0])
            self = .signal(.cancellation(CancellationNotice(name: name, id: id, token: token, reason: rest[2])))
        } else if words.count == 2, first == "probe" {
            self = .probe(second)
        } else if words.count == 2, first == "wake" || first == "look" {
            guard let name = keys.name(ofKey: second) else { return nil }
            self = first == "wake" ? .signal(.availableHere(name)) : .secondLook(name)
        } else if words.count == 3, first == "due" {
            guard let name = keys.name(ofKey: second), let wait = Int64(String(decoding: words[2], as: UTF8.self)),
                (0...Availability.maximumDelay.millisecondsRoundedUp).contains(wait)
            else { return nil }
            self = .signal(.due(name, in: .milliseconds(wait)))
        } else if words.count == 1, let delay = Int64(first),
            let name = keys.name(ofKey: String(decoding: channel, as: UTF8.self))
        {
            self = .signal(delay <= 0 ? .available(name) : .due(name, in: .milliseconds(delay)))
        } else {
            return nil
        }
    }
}
