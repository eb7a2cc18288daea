/// Names that have broken stores, logs and terminals before.
enum HostileNames {
    /// Not names at all.
    static let refused: [String] =
        [
            "", " ", "a b", "a\tb", "a\nb", "a\r\nb", "a\0b", "\u{7F}", "\u{1B}[31mred",
            "{a}", "a{", "a}", "{", "}", "{}", "a*", "*", "?", "[a-z]", "a[0]", "a\\b",
            "-a", ".a", "..", ":a", "/a", "~singleton", "\"a\"", "'a'", "`a`", "$(a)", "a;b", "a|b", "a&b", "a,b",
            "é", "日本", "🔥", "a\u{2028}b", "a\u{200B}b", "A\u{0301}",
        ] + [String(repeating: "a", count: 201), String(repeating: "x", count: 10_000)]

    /// Suffixes that make different names, each of which might be mistaken for another one's key.
    static let lookalikes = [
        "", ":", "::", ":a", ":a:b", "/a", "/a/b", ".a", "-a", "_a", "a", "A", "aA", ":q", ":p", ":wake", ":r:x",
        ":1:x", ".", "..", "/../", "0", "00", "1",
    ]
}
