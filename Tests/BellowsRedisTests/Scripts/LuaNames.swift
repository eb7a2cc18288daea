/// Which names a piece of Lua declares, and which it takes from elsewhere. It knows as much of Lua as the files in lua/
/// use: no long strings, no goto.
struct LuaNames {
    /// Names that are declared at the top of the piece, in order.
    private(set) var declared: [String] = []
    /// Names that are used and declared nowhere in the piece, but those of Lua and Redis.
    private(set) var free: Set<String> = []
    /// Names that are declared where the same name is in sight already.
    private(set) var shadowing: Set<String> = []

    /// What Lua and Redis give to every script.
    private static let given: Set<String> = [
        "redis", "KEYS", "ARGV", "string", "table", "math", "tonumber", "tostring", "type", "unpack", "ipairs", "pairs",
        "pcall",
    ]
    private static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil", "not",
        "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// The names in sight, the innermost block last.
    private var blocks: [Set<String>]
    private var tokens: ArraySlice<Substring>

    /// - Parameters:
    ///   - text: the piece.
    ///   - outer: the names in sight where it stands.
    init(_ text: String, outer: some Sequence<String> = []) {
        blocks = [Set(outer), []]
        tokens = Self.tokens(of: text)[...]
        read()
    }

    private mutating func read() {
        var previous: Substring = ""
        // Whether the block of a loop is open already when its `do` comes.
        var isLoopOpen = false
        var brackets: [Substring] = []
        while let token = tokens.popFirst() {
            defer { previous = token }
            switch token {
            case "local":
                let isFunction = tokens.first == "function"
                if isFunction { tokens.removeFirst() }
                for name in popNames() { declare(name) }
                if isFunction { openFunction() }
            case "function": openFunction()
            case "for":
                blocks.append([])
                for name in popNames() { declare(name) }
                isLoopOpen = true
            case "do":
                if isLoopOpen { isLoopOpen = false } else { blocks.append([]) }
            case "then", "repeat": blocks.append([])
            case "else":
                blocks.removeLast()
                blocks.append([])
            case "elseif", "end", "until": blocks.removeLast()
            case "{", "(", "[": brackets.append(token)
            case "}", ")", "]": _ = brackets.popLast()
            default:
                guard Self.isName(token), previous != ".", previous != ":" else { continue }
                if brackets.last == "{", tokens.first == "=" { continue }
                use(String(token))
            }
        }
    }

    /// Names with commas between them.
    private mutating func popNames() -> [String] {
        var names: [String] = []
        while let name = tokens.first, Self.isName(name) {
            names.append(String(name))
            tokens.removeFirst()
            guard tokens.first == "," else { break }
            tokens.removeFirst()
        }
        return names
    }

    private mutating func openFunction() {
        blocks.append([])
        guard tokens.first == "(" else { return }
        tokens.removeFirst()
        for name in popNames() { declare(name) }
        // What is left is `...`.
        while let token = tokens.popFirst(), token != ")" {}
    }

    private mutating func declare(_ name: String) {
        if name != "_", blocks.contains(where: { $0.contains(name) }) { shadowing.insert(name) }
        blocks[blocks.count - 1].insert(name)
        if blocks.count == 2 { declared.append(name) }
    }

    private mutating func use(_ name: String) {
        if !Self.given.contains(name), !blocks.contains(where: { $0.contains(name) }) { free.insert(name) }
    }

    private static func isName(_ token: Substring) -> Bool {
        guard let first = token.first, first.isLetter || first == "_" else { return false }
        return !keywords.contains(String(token))
    }

    /// Words, numbers and signs, without comments and strings.
    private static func tokens(of text: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = text[...]
        while let first = rest.first {
            if rest.hasPrefix("--") {
                rest = rest.drop { $0 != "\n" }
            } else if first == "'" || first == "\"" {
                rest.removeFirst()
                while let next = rest.popFirst(), next != first { if next == "\\" { rest.removeFirst() } }
                tokens.append("''")
            } else if first.isLetter || first == "_" || first.isNumber {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(word)
                rest = rest[word.endIndex...]
            } else if first.isWhitespace {
                rest.removeFirst()
            } else {
                let isLong = ["==", "~=", "<=", ">=", ".."].contains(rest.prefix(2))
                let length = rest.hasPrefix("...") ? 3 : isLong ? 2 : 1
                tokens.append(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
        }
        return tokens
    }
}
