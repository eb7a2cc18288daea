import Testing

@testable import BellowsRedis

/// What `bellows doctor` makes of the answers of a server.
@Suite struct StoreDiagnosisTests {
    private static let good = """
        redis_version:7.0.15\r
        role:master\r
        maxmemory:1000\r
        used_memory:10\r
        maxmemory_policy:noeviction\r
        aof_enabled:1\r
        aof_last_write_status:ok\r
        rdb_last_bgsave_status:ok\r
        """

    private func diagnosis(
        _ change: (String, String)? = nil,
        settings: [String] = ["appendfsync", "everysec", "save", "", "min-replicas-to-write", "0"],
        skew: Double? = 0
    ) -> StoreDiagnosis {
        var info = Self.good
        if let (old, new) = change { info = info.replacing(old, with: new) }
        return StoreDiagnosis(facts: ServerFacts(info: info), settings: ServerSettings(pairs: settings), skew: skew)
    }

    @Test func findsNothingInAGoodServer() {
        let good = diagnosis()
        #expect(good.findings == [])
        #expect(good.level == .appendOnly)
        #expect(good.version == "7.0.15")
    }

    @Test(arguments: [
        ("aof_enabled:1", "aof_enabled:0"), ("aof_last_write_status:ok", "aof_last_write_status:err"),
        ("rdb_last_bgsave_status:ok", "rdb_last_bgsave_status:err"), ("used_memory:10", "used_memory:950"),
        ("aof_enabled:1", "unknown:1"),
    ])
    func warns(_ change: (String, String)) {
        let findings = diagnosis(change).findings
        #expect(findings.map(\.severity) == [.warning])
    }

    @Test(arguments: [
        ("redis_version:7.0.15", "redis_version:6.0.9"), ("role:master", "role:slave"),
        ("policy:noeviction", "policy:allkeys-lru"), ("aof_enabled:1", "aof_enabled:1\r\ncluster_enabled:1"),
    ])
    func refuses(_ change: (String, String)) {
        #expect(diagnosis(change).findings.first?.severity == .refusal)
        #expect(!diagnosis(change).isHealthy)
    }

    @Test func readsSettings() {
        #expect(diagnosis(settings: ["appendfsync", "always"]).level == .appendOnlyAlways)
        #expect(diagnosis(settings: ["appendfsync", "no"]).findings.map(\.severity) == [.warning])
        #expect(diagnosis(settings: []).findings.map(\.severity) == [.note])
        #expect(diagnosis(("aof_enabled:1", "aof_enabled:0"), settings: ["save", "3600 1"]).level == .snapshots)
        #expect(diagnosis(("aof_enabled:1", "aof_enabled:0"), settings: ["save", ""]).level == .volatile)
        let lonely = diagnosis(settings: ["appendfsync", "everysec", "min-replicas-to-write", "1"])
        #expect(lonely.findings.map(\.severity) == [.warning])
    }

    @Test func comparesClocks() {
        #expect(diagnosis(skew: 1.5).findings.map(\.severity) == [.warning])
        #expect(diagnosis(skew: -0.5).findings == [])
        #expect(diagnosis(skew: nil).findings == [])
    }

    @Test func saysWhenItMayNotAsk() {
        let blind = StoreDiagnosis(facts: nil, settings: ServerSettings(), skew: nil)
        #expect(blind.findings.map(\.severity) == [.warning])
        #expect(blind.level == nil)
    }

    @Test func fallsBackToSettings() {
        let settings = [
            "appendfsync", "always", "appendonly", "yes", "maxmemory", "1000", "maxmemory-policy", "noeviction",
            "min-replicas-to-write", "1",
        ]
        let half = StoreDiagnosis(facts: nil, settings: ServerSettings(pairs: settings), skew: nil)
        #expect(half.level == .appendOnlyAlways)
        #expect(half.findings.map(\.severity) == [.warning], "only that INFO is missing")
        let evicting = settings.map { $0 == "noeviction" ? "allkeys-lru" : $0 }
        let bad = StoreDiagnosis(facts: nil, settings: ServerSettings(pairs: evicting), skew: nil)
        #expect(bad.findings.first?.severity == .refusal)
    }

    @Test func namesTheProduct() {
        let valkey = diagnosis(
            ("redis_version:7.0.15", "redis_version:7.2.4\r\nvalkey_version:8.1.1\r\nserver_name:valkey")
        )
        #expect(valkey.product == "Valkey")
        #expect(valkey.version == "8.1.1")
        let both = StoreDiagnosis(ofServers: [("a", valkey), ("b", diagnosis())])
        #expect(both.product == "Redis, Valkey")
    }
}
