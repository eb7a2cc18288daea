/// Puts the text of a script together from its file and the parts that the file names.
///
/// - `-- @before prelude, clock` at the top of a file: these parts stand in front of it.
/// - `-- @after epilogue`: these stand behind it.
/// - `-- [clock, wake]` on a line of its own: they stand there. Making a function costs time in each call, so what only
///   some calls need stands in their branch. The name of a script stands for its whole text, without the parts that
///   stand in front of everything already.
/// - `-- [?slots]`: a part of managed definitions, which have more rules. The plain text does without it.
///
/// Each part says which names it defines and expects; tests check both.
struct ScriptAssembly {
    let scripts: [String: String]
    let parts: [String: String]
    /// Whether the text is for managed definitions.
    let isManaged: Bool

    init(
        scripts: [String: String] = LuaFiles.scripts,
        parts: [String: String] = LuaFiles.parts,
        isManaged: Bool = false
    ) {
        (self.scripts, self.parts, self.isManaged) = (scripts, parts, isManaged)
    }

    /// The whole text of a script. What is not found stays as it was written, which the tests look for.
    func text(of script: String) -> String { text(of: script, without: []) }

    /// A part with those that it holds itself.
    func text(ofPart part: String) -> String { filled(parts[part] ?? "", without: []) }

    private func text(of script: String, without present: Set<String>) -> String {
        guard let file = scripts[script] else { return "-- [\(script)]\n" }
        let front = Self.names(in: file, after: "-- @before ")
        let inside = present.union(front)
        let before = front.filter { !present.contains($0) }
        let after = Self.names(in: file, after: "-- @after ")
        return before.map { piece($0, without: inside) }.joined() + filled(file, without: inside)
            + after.map { piece($0, without: inside) }.joined()
    }

    private func piece(_ name: String, without present: Set<String>) -> String {
        parts[name].map { filled($0, without: present) } ?? text(of: name, without: present)
    }

    // Bytes instead of characters: every process puts all texts together when it starts.
    private func filled(_ text: String, without present: Set<String>) -> String {
        var result = ""
        result.reserveCapacity(2 * text.utf8.count)
        var isFirst = true
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if !isFirst { result += "\n" }
            isFirst = false
            let mark = line.drop { $0 == UInt8(ascii: " ") }
            guard mark.starts(with: "-- [".utf8), mark.last == UInt8(ascii: "]") else {
                result += Substring(line)
                continue
            }
            for name in Self.list(Substring(mark.dropFirst(4).dropLast())) {
                guard name.utf8.first == UInt8(ascii: "?") else {
                    result += piece(name, without: present)
                    continue
                }
                if isManaged { result += piece(String(name.dropFirst()), without: present) }
            }
        }
        return result
    }

    /// The names in the first line of a file that begins so.
    static func names(in file: String, after word: String) -> [String] {
        let lines = file.utf8.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.first(where: { $0.starts(with: word.utf8) }) else { return [] }
        return list(Substring(line.dropFirst(word.utf8.count)))
    }

    private static func list(_ text: Substring) -> [String] {
        text.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
    }
}
