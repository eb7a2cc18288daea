import Bellows

/// Every key and channel that we use. See docs/redis-layout.md.
struct RedisKeySpace: Sendable {
    /// The version of the layout, part of every key.
    static let layoutVersion = "2"

    /// Whether the keys are spread over a cluster.
    let isSharded: Bool
    /// The key that says which layout a prefix holds.
    private let commonMarker: String
    private let prefix: String
    private let root: String

    init(prefix: String, isSharded: Bool = false) {
        self.isSharded = isSharded
        self.prefix = prefix
        commonMarker = "\(prefix):layout"
        root = "\(prefix):\(Self.layoutVersion):"
    }

    /// The key that says which layout the prefix holds; in a cluster, which one a definition has, because a script
    /// can look at one slot only.
    func marker(of name: TaskName?) -> String {
        guard isSharded, let name else { return commonMarker }
        return key(.layout, of: name)
    }

    /// The key that all keys of a definition begin with. The braces keep them together in a cluster.
    func base(of name: TaskName) -> String { "\(root){\(name.rawValue)}" }

    /// A key of a definition.
    ///
    /// - Parameters:
    ///   - key: which one.
    ///   - name: the definition.
    ///   - owner: the task or process that it belongs to, for those of which there are many.
    func key(_ key: RedisKey, of name: TaskName, owner: String? = nil) -> String {
        "\(base(of: name)):\(key.rawValue)" + (owner.map { " \($0)" } ?? "")
    }

    /// The channel that says when a task of a definition is due.
    func wakeChannel(of name: TaskName) -> String { "\(base(of: name)):wake" }

    /// The channel on which a process hears of results, and of tasks if it is chosen; in a cluster, of those of one
    /// definition.
    func inbox(of process: ClientID, for name: TaskName?) -> String {
        guard isSharded, let name else { return "\(root)inbox:\(process.text)" }
        return "\(base(of: name)):inbox:\(process.text)"
    }

    /// What every key of every definition matches. A prefix cannot hold characters of a pattern.
    var pattern: String { "\(root){*" }

    /// What every key matches but the marker, also one that no script makes.
    var everyKey: String { "\(root)*" }

    /// The keys as an older layout has them: for telling that there are any.
    ///
    /// - Parameter version: that layout.
    func pattern(ofLayout version: String) -> String { "\(prefix):\(version):{*" }

    /// Which kind of key it is; nil for none of ours.
    static func kind(of key: String) -> RedisKey? {
        guard let brace = key.lastIndex(of: "}") else { return nil }
        let rest = key[key.index(after: brace)...]
        guard rest.first == ":" else { return nil }
        let parts = rest.dropFirst().split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = parts.first.flatMap({ RedisKey(rawValue: String($0)) }) else { return nil }
        return (parts.count == 2 && !parts[1].isEmpty) == kind.hasOwner ? kind : nil
    }

    /// The definition that a key belongs to, or a base key stands for; nil if it is not ours.
    ///
    /// - Parameter ignoringMarkers: whether a marker counts for nothing: it stays where there are no tasks.
    func name(ofKey key: String, ignoringMarkers: Bool = false) -> TaskName? {
        guard key.hasPrefix(root) else { return nil }
        if ignoringMarkers, let kind = Self.kind(of: key), kind == .layout || kind == .partitions { return nil }
        return Self.name(in: key)
    }

    /// The definition that a key names between its braces, whatever its layout.
    static func name(in key: String) -> TaskName? {
        guard let open = key.firstIndex(of: "{"), let close = key.firstIndex(of: "}"), open < close else { return nil }
        do {
            return try TaskName(String(key[key.index(after: open)..<close]))
        } catch {
            // Somebody else's key.
            return nil
        }
    }
}
