import Bellows

/// What a server is like as a store for tasks: how safe they are there, and what should be changed.
public struct StoreDiagnosis: Hashable, Sendable {
    /// What the server is: `Redis` or `Valkey`; `Redis` too if it does not tell.
    public let product: String
    /// The server's version, as its makers count; nil if it does not tell.
    public let version: String?
    /// Whether it is a replica of another server.
    public let isReplica: Bool
    /// How many replicas are connected to it.
    public let replicaCount: Int
    /// Seconds that the server's clock is ahead of this host's; nil if the user may not ask.
    public let clockSkew: Double?
    /// What an acknowledged task survives; nil if the user may not ask.
    public let level: DurabilityLevel?
    /// What should be known, the worst first.
    public let findings: [StoreFinding]

    /// Whether there is anything that should be changed.
    public var isHealthy: Bool { findings.allSatisfy { $0.severity == .note } }

    /// Judges what is known.
    ///
    /// - Parameters:
    ///   - facts: the answer to INFO; nil if the user may not ask, or the server has no such command.
    ///   - settings: the answer to CONFIG GET.
    ///   - skew: seconds that the server's clock is ahead of ours; nil if unknown.
    ///   - allowingEviction: whether a server that may evict keys is taken.
    ///   - role: what the server is to us.
    init(
        facts: ServerFacts?,
        settings: ServerSettings,
        skew: Double?,
        allowingEviction: Bool = false,
        role: ServerFacts.Role = .onlyServer
    ) {
        product = facts?.product ?? ServerFacts(info: "").product
        version = facts?.version?.description
        isReplica = facts?.isReplica ?? false
        replicaCount = facts?.replicaCount ?? 0
        clockSkew = skew
        let known = facts ?? settings.facts
        let level = known.flatMap { Self.level($0, settings) }
        self.level = level
        var findings: [StoreFinding] = []
        func add(_ severity: StoreFinding.Severity, _ text: String) {
            findings.append(StoreFinding(severity: severity, text: text))
        }
        if facts == nil {
            add(.warning, "the server does not run INFO for this user: its version, role and memory are not checked")
        }
        if let known {
            if let refusal = known.refusal(allowingEviction: allowingEviction, as: role) {
                add(.refusal, refusal.message)
            }
            if let policy = known.evictionPolicy, policy != "noeviction", allowingEviction {
                add(.warning, "tasks may be evicted: set maxmemory-policy noeviction")
            }
            for (severity, text) in Self.problems(known, settings) { add(severity, text) }
        }
        if let facts, let needed = settings.neededReplicas, needed > facts.replicaCount {
            let text = "min-replicas-to-write is \(needed), but \(facts.replicaCount) are connected: writes are refused"
            add(.warning, text)
        }
        if let level, level < .appendOnly { add(.warning, "\(level): set appendonly yes") }
        if level == nil, known != nil { add(.warning, "the server does not tell whether it writes its data to a disk") }
        if let skew, ServerClock.isNoteworthy(skew) {
            add(.warning, "the server's clock is \(ServerClock.text(skew)) s ahead of this host's: dates will be off")
        }
        self.findings = Self.sorted(findings)
    }

    /// Judges several servers together, as safe as the least safe of them; what holds for all of them is said once.
    ///
    /// - Parameters:
    ///   - parts: each server with what is known of it.
    ///   - data: what was found in the data.
    init(ofServers parts: [(server: String, diagnosis: StoreDiagnosis)], and data: [StoreFinding] = []) {
        let all = parts.map(\.diagnosis)
        product = Set(all.map(\.product)).sorted().joined(separator: ", ")
        version = Set(all.compactMap(\.version)).sorted().joined(separator: ", ").nilIfEmpty
        isReplica = all.contains(where: \.isReplica)
        replicaCount = all.map(\.replicaCount).min() ?? 0
        clockSkew = all.compactMap(\.clockSkew).max { abs($0) < abs($1) }
        level = all.contains { $0.level == nil } ? nil : all.compactMap(\.level).min()
        var findings = data
        for (server, diagnosis) in parts {
            for finding in diagnosis.findings where !findings.contains(finding) {
                let isCommon = all.allSatisfy { $0.findings.contains(finding) }
                let text = isCommon ? finding.text : "\(server): \(finding.text)"
                findings.append(StoreFinding(severity: finding.severity, text: text))
            }
        }
        self.findings = Self.sorted(findings)
    }

    private static func sorted(_ findings: [StoreFinding]) -> [StoreFinding] {
        [StoreFinding.Severity.refusal, .warning, .note].flatMap { severity in
            findings.filter { $0.severity == severity }
        }
    }

    /// The least that is certain.
    private static func level(_ facts: ServerFacts, _ settings: ServerSettings) -> DurabilityLevel? {
        guard let appends = facts.appendsToFile else { return nil }
        if appends { return settings.appendSync == "always" ? .appendOnlyAlways : .appendOnly }
        return settings.snapshots.map { $0.isEmpty ? .volatile : .snapshots } ?? .volatile
    }

    private static func problems(
        _ facts: ServerFacts,
        _ settings: ServerSettings
    ) -> [(StoreFinding.Severity, String)] {
        var found: [(StoreFinding.Severity, String)] = []
        if facts.appendsToFile == true {
            if !facts.isFileWritable {
                found.append(
                    (.warning, "the append-only file cannot be written: look at the disk and the server's log")
                )
            }
            switch settings.appendSync {
            case "no": found.append((.warning, "appendfsync is no: a power cut may lose half a minute"))
            case nil: found.append((.note, "the server does not run CONFIG GET for this user: appendfsync is unknown"))
            default: break
            }
            if facts.delayedSyncs > 0 {
                let text = "the disk was too slow \(facts.delayedSyncs) times since the start: up to 2 s may be lost"
                found.append((.note, text))
            }
        }
        if !facts.isSnapshotGood {
            found.append((.warning, "the last snapshot failed: the server may refuse writes until one succeeds"))
        }
        if facts.memoryLimit > 0, facts.usedMemory > facts.memoryLimit / 10 * 9 {
            found.append((.warning, "more than nine tenths of maxmemory are used: publishing is about to be refused"))
        } else if facts.memoryLimit == 0 {
            found.append((.note, "maxmemory is not set: a backlog grows until the machine's memory is full"))
        }
        return found
    }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
