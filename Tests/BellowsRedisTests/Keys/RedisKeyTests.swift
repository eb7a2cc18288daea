import Foundation
import Testing

@testable import BellowsRedis

@Suite("The names of keys")
struct RedisKeyTests {
    /// A row of the table of keys.
    private struct Row {
        let name: String
        let types: String
        let isReserved: Bool
    }

    /// Every key below a base key that docs/redis-layout.md names, several in a row each on its own.
    private func rows() throws -> [Row] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/redis-layout.md"), encoding: .utf8)
        let table = try #require(
            text.components(separatedBy: "## All keys").last?.components(separatedBy: "| Channel").first
        )
        return table.split(separator: "\n").flatMap { line -> [Row] in
            let cells = line.components(separatedBy: " | ")
            guard cells.count == 4, cells[0].hasPrefix("| `") else { return [] }
            return cells[0].matches(of: /`([BF]:[^`]*)`/).map { match in
                Row(name: String(match.1), types: cells[1], isReserved: cells[2].hasPrefix("*reserved*"))
            }
        }
    }

    @Test("The table has each key once, and no other")
    func table() throws {
        let rows = try rows()
        #expect(Set(rows.map(\.name)).count == rows.count)
        // Neither of them is part of the data: one never exists, the other one is for tests.
        let named = Set(rows.filter { !$0.isReserved }.map(\.name)).subtracting(["B:~", "B:calls"])
        let owners: [RedisKey: String] = [.result: " ID", .finished: " ID", .replay: " PROCESS"]
        #expect(named == Set(RedisKey.allCases.map { "B:\($0.rawValue)\(owners[$0] ?? "")" }))
        let types = ["sorted set": "zset"]
        for row in rows where !row.isReserved {
            let kind = RedisKey(rawValue: row.name.dropFirst(2).split(separator: " ").first.map(String.init) ?? "")
            if let kind { #expect(kind.type == types[row.types] ?? row.types, "\(row.name)") }
        }
    }

    @Test("A script makes no other key", arguments: LuaFiles.scripts.keys.sorted() + LuaFiles.parts.keys.sorted())
    func scripts(name: String) throws {
        let text = try #require(LuaFiles.scripts[name] ?? LuaFiles.parts[name])
        for match in text.matches(of: /B \.\. ':([^']*)'/) {
            // Channels, and the place that the audit is told.
            if ["wake", "inbox:", ""].contains(match.1) { continue }
            let kind = RedisKey(rawValue: match.1.trimmingCharacters(in: .whitespaces))
            #expect(kind != nil, "\(match.1)")
            #expect(kind?.hasOwner == match.1.hasSuffix(" "))
        }
    }
}
