import Testing

@testable import Bellows

@Suite struct ErrorTextTests {
    private struct Loud: Error, CustomStringConvertible {
        var description: String { "two\r\nlines\u{1B}[0m" }
    }

    @Test func descriptionsAreOneLine() {
        #expect(ErrorText.describe(Loud()) == "two\\u{d}\\nlines\\u{1b}[0m")
    }

    @Test func controlCharactersAndSeparatorsAreEscaped() {
        #expect(ErrorText.sanitize("a\0b\u{7F}\u{85}\u{2028}\u{2029}c") == "a\\u{0}b\\u{7f}\\u{85}\\u{2028}\\u{2029}c")
        #expect(ErrorText.sanitize("\t") == "\\u{9}")
    }

    @Test func otherTextIsLeftAlone() {
        for text in ["", "plain", "é 🔥 \"quotes\" \\", "\u{A0}"] { #expect(ErrorText.sanitize(text) == text) }
    }
}
