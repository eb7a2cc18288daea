import Bellows

/// A message on one of our channels.
enum SignalMessage: Equatable, Sendable {
    /// Something for subscribers.
    case signal(BackendSignal)
    /// Our own probe came back.
    case probe(String)

    /// Reads a message; nil if it is none of ours.
    init?(channel: [UInt8], payload: [UInt8], keys: RedisKeySpace) {
        let text = String(decoding: payload, as: UTF8.self)
        let words = text.split(separator: " ")
        if words.count == 3, words[0] == "result", let name = keys.name(ofKey: String(words[1])) {
            self = .signal(.resultReady(TaskID(unchecked: String(words[2])), of: name))
        } else if words.count == 2, words[0] == "probe" {
            self = .probe(String(words[1]))
        } else if let name = keys.name(ofKey: String(decoding: channel, as: UTF8.self)), let delay = Int64(text) {
            self = .signal(delay <= 0 ? .available(name) : .due(name, in: .milliseconds(delay)))
        } else {
            return nil
        }
    }
}
