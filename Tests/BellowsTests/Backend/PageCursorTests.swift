import Testing

@testable import Bellows

/// Cursors as text: what a page gave comes back, and nothing else is taken.
@Suite struct PageCursorTests {
    @Test("What a page gave comes back from its text", arguments: ["1712", "-inf", "1.5e+12", "0"])
    func comesBack(mark: String) throws {
        for id in [nil, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "~relay", "odd,id"] {
            let cursor = PageCursor(
                .leased,
                of: try TaskName("mail#3"),
                mark: mark,
                id: id.map { TaskID(unchecked: $0) }
            )
            #expect(try PageCursor("\(cursor)") == cursor)
        }
    }

    @Test(
        "Other texts are refused before anything is sent",
        arguments: [
            "", "x", "2,ready,1,mail,a", "1,unknown,1,mail,a", "1,ready,,mail,a", "1,ready,1 2,mail,a",
            "1,ready,1,not a name,a", "1,ready,1,mail,\u{7}", "1,ready,1,mail",
            "1,ready,1,mail,"
                + String(repeating: "a", count: 700),
        ]
    )
    func refuses(text: String) throws {
        let error = #expect(throws: BellowsError.self) { try PageCursor(text) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.hasPrefix("invalid cursor") == true)
    }
}
