import Bellows

/// What is left under a prefix of a layout that this build does not read.
struct OlderLayout {
    /// Layouts that builds of this library have written.
    private static let versions = ["1"]
    /// How many pages of a scan are looked at, of about 1,000 keys each: a diagnosis is not an inventory.
    private static let pages = 100
    /// How many definitions are named.
    private static let namesTold = 5

    let keys: RedisKeySpace
    let runner: ScriptRunner

    /// What should be known about it. A server that does not let us look, or cannot yet, is no reason to tell nothing
    /// of what else is known.
    func findings() async -> [StoreFinding] {
        do throws(BellowsError) {
            return try await found()
        } catch {
            return [StoreFinding(severity: .note, text: "whether data of an older layout is left is unknown: \(error)")]
        }
    }

    private func found() async throws(BellowsError) -> [StoreFinding] {
        var findings: [StoreFinding] = []
        let key = keys.marker(of: nil)
        let marker = try await runner.run(RedisCommand("GET", key), on: .key(key)).asText
        if let marker, marker != RedisKeySpace.layoutVersion {
            findings.append(StoreFinding(severity: .refusal, text: LayoutMarker.mismatch(keys).message))
        }
        for version in Self.versions {
            let names = try await definitions(ofLayout: version)
            guard !names.isEmpty else { continue }
            let told = names.sorted().prefix(Self.namesTold).map(\.rawValue).joined(separator: ", ")
            let more = names.count > Self.namesTold ? " and others" : ""
            let text =
                "data of layout \(version) is left that this build does not read: \(told)\(more). Work it off with the "
                + "build that wrote it, or delete its keys (\(keys.pattern(ofLayout: version)))"
            findings.append(StoreFinding(severity: .warning, text: text))
        }
        return findings
    }

    private func definitions(ofLayout version: String) async throws(BellowsError) -> Set<TaskName> {
        var names: Set<TaskName> = []
        var pagesLeft = Self.pages
        for try await page in RedisKeyScan(runner: runner, pattern: keys.pattern(ofLayout: version)) {
            names.formUnion(page.compactMap(RedisKeySpace.name(in:)))
            pagesLeft -= 1
            if pagesLeft == 0 { break }
        }
        return names
    }
}
