import Bellows

/// Every key and channel that we use. See docs/redis-layout.md.
struct RedisKeySpace: Sendable {
    /// The version of the layout, part of every key.
    static let layoutVersion = "1"

    /// The key that says which layout a prefix holds.
    let marker: String
    private let root: String

    init(prefix: String) {
        marker = "\(prefix):layout"
        root = "\(prefix):\(Self.layoutVersion):"
    }

    /// The key that all keys of a definition begin with. The braces keep them together in a cluster.
    func base(of name: TaskName) -> String { "\(root){\(name.rawValue)}" }

    /// The channel that says when a task of a definition is due.
    func wakeChannel(of name: TaskName) -> String { "\(base(of: name)):wake" }

    /// The channel on which a process hears of results.
    func inbox(of process: ProcessNonce) -> String { "\(root)inbox:\(process.text)" }

    /// What every key of every definition matches. A prefix cannot hold characters of a pattern.
    var pattern: String { "\(root){*" }

    /// What every key matches but the marker, also one that no script makes.
    var everyKey: String { "\(root)*" }

    /// The definition that a key belongs to, or a base key stands for; nil if it is none of ours.
    func name(ofKey key: String) -> TaskName? {
        guard key.hasPrefix(root), let open = key.firstIndex(of: "{"), let close = key.firstIndex(of: "}"),
            open < close
        else { return nil }
        do {
            return try TaskName(String(key[key.index(after: open)..<close]))
        } catch {
            // Somebody else's key.
            return nil
        }
    }
}
