import Bellows
import Foundation
import Testing

@testable import BellowsRedis

@Suite struct RedisScriptTests {
    private static let assembly = ScriptAssembly()
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "lua")

    /// The names behind a word in the first lines of a part; a longer list goes on in lines that are set in.
    private static func list(_ word: String, in text: String) -> [String] {
        var list = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("-- \(word): ") {
                list = String(line.dropFirst("-- \(word): ".count))
            } else if !list.isEmpty {
                guard line.hasPrefix("--      ") else { break }
                list += " " + line.dropFirst(2)
            }
        }
        return list == "nothing" ? [] : list.split { $0 == "," || $0 == " " }.map(String.init)
    }

    @Test("The catalogue has each file of lua/, and no other")
    func files() throws {
        func names(in folder: URL) throws -> Set<String> {
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return Set(files.filter { $0.hasSuffix(".lua") }.map { String($0.dropLast(4)) })
        }
        #expect(try names(in: Self.folder) == Set(LuaFiles.scripts.keys))
        #expect(try names(in: Self.folder) == Set(RedisScript.allCases.map(\.rawValue)))
        #expect(try names(in: Self.folder.appending(path: "parts")) == Set(LuaFiles.parts.keys))
    }

    @Test("A script has at most 120 lines and a part 80, none longer than 120 characters")
    func sizes() {
        for (most, files) in [(120, LuaFiles.scripts), (80, LuaFiles.parts)] {
            for (name, text) in files {
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                #expect(lines.count <= most, "\(name)")
                #expect(lines.allSatisfy { $0.count <= 120 }, "\(name)")
            }
        }
    }

    @Test("Each script says what it takes, returns and keeps true", arguments: LuaFiles.scripts.keys.sorted())
    func header(script: String) throws {
        let text = try #require(LuaFiles.scripts[script])
        for word in ["-- KEYS", "-- Returns", "-- Invariant"] { #expect(text.contains(word)) }
    }

    @Test("Each part says what it defines, expects and keeps true", arguments: LuaFiles.parts.keys.sorted())
    func part(name: String) throws {
        let file = try #require(LuaFiles.parts[name])
        #expect(file.contains("\n-- Invariant "))
        #expect(Self.list("Defines", in: file) == LuaNames(file).declared)
        #expect(Set(Self.list("Expects", in: file)) == LuaNames(Self.assembly.text(ofPart: name)).free)
    }

    @Test("No name hides another one", arguments: LuaFiles.scripts.keys.sorted() + LuaFiles.parts.keys.sorted())
    func shadowing(name: String) throws {
        let file = try #require(LuaFiles.scripts[name] ?? LuaFiles.parts[name])
        let front = ScriptAssembly.names(in: file, after: "-- @before ").compactMap { LuaFiles.parts[$0] }
        let outer = front.flatMap { LuaNames($0).declared } + Self.list("Expects", in: file)
        #expect(LuaNames(file, outer: outer).shadowing == [])
    }

    @Test("A whole text lacks nothing", arguments: RedisScript.allCases)
    func isWhole(script: RedisScript) {
        for text in [script.text, script.managedText, ScriptRecorder.record(script.text, of: script)] {
            #expect(!text.contains("-- ["), "a part that does not exist")
            #expect(LuaNames(text).free == [])
        }
    }

    @Test("Each part is used")
    func isUsed() {
        let texts = RedisScript.allCases.map(\.managedText)
        for (name, part) in LuaFiles.parts {
            let first = part.prefix { $0 != "\n" }
            #expect(texts.contains { $0.contains(first) }, "\(name)")
        }
    }

    @Test("An optional part stands in the text for managed definitions only")
    func optionalParts() {
        let scripts = [
            "outer": "-- @before front\n-- @after end\nlocal x = 1\n    -- [?limits, clock]\n-- [inner]\n",
            "inner": "-- @before front, clock\ny()\n",
        ]
        let parts = ["front": "a()\n", "clock": "b()\n", "limits": "c()\n-- [?clock]\n", "end": "d()\n"]
        func lines(isManaged: Bool) -> [Substring] {
            let text = ScriptAssembly(scripts: scripts, parts: parts, isManaged: isManaged).text(of: "outer")
            return text.split(separator: "\n").filter { !$0.hasPrefix("--") }
        }
        #expect(lines(isManaged: false) == ["a()", "local x = 1", "b()", "b()", "y()", "d()"])
        #expect(lines(isManaged: true) == ["a()", "local x = 1", "c()", "b()", "b()", "b()", "y()", "d()"])
    }

    @Test("What is missing stays in sight")
    func missingParts() {
        let assembly = ScriptAssembly(scripts: ["a": "-- @before nobody\nx()\n"], parts: [:])
        #expect(assembly.text(of: "a").contains("-- [nobody]"))
    }

    @Test("No script mangles numbers, runs data as code, or makes errors of it", arguments: RedisScript.allCases)
    func avoidsTraps(script: RedisScript) {
        #expect(!script.text.contains("cjson"))
        #expect(!script.text.contains("struct."))
        for word in ["error_reply", "loadstring", "dofile"] { #expect(!script.text.contains(word)) }
    }
}
