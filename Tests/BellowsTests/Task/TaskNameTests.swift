import Testing

@testable import Bellows

@Suite struct TaskNameTests {
    @Test(arguments: ["a", "_", "0", "images.thumbnail", "a:b", "a/b-c_d", "A1", String(repeating: "x", count: 200)])
    func takes(text: String) throws {
        #expect(try TaskName(text).rawValue == text)
        #expect(try TaskID(text).rawValue == text)
    }

    @Test(arguments: [
        "", " ", "a b", "a\n", "\0", "{a}", "a*", "a?", "[a]", "a\\", "-a", ".a", ":a", "/a", "~a", "é", "🔥",
        String(repeating: "x", count: 201),
    ])
    func refuses(text: String) {
        #expect(throws: BellowsError.self) { try TaskName(text) }
        #expect(throws: BellowsError.self) { try TaskID(text) }
    }

    @Test func errorsNameAnExcerptThatIsSafeToPrint() {
        let error = #expect(throws: BellowsError.self) {
            try TaskName("\u{1B}[31m\r\n" + String(repeating: "é", count: 100))
        }
        let text = "\(error.map(String.init(describing:)) ?? "")"
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        #expect(text.contains("\\u{1b}"))
        #expect(text.contains("…"))
        #expect(text.count < 500)
    }

    @Test func namesAreOrderedByTheirBytes() throws {
        let names = try ["b", "a", "A", "a.b"].map { try TaskName($0) }
        #expect(names.sorted().map(\.rawValue) == ["A", "a", "a.b", "b"])
    }
}
