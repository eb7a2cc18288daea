import Testing

@testable import Bellows

@Suite struct TaskIDTests {
    @Test func newIDsAreUniqueAndValid() throws {
        let ids = (0..<10_000).map { _ in TaskID() }
        #expect(Set(ids).count == ids.count)
        for id in ids.prefix(100) {
            #expect(id.rawValue.count == 26)
            #expect(try TaskID(id.rawValue) == id)
        }
    }

    @Test func idsSortByCreation() {
        let times: [UInt64] = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 1 << 47]
        let ids = times.map {
            TaskID(milliseconds: $0, high: .random(in: .min ... .max), low: .random(in: .min ... .max))
        }
        #expect(ids == ids.sorted())
    }

    @Test func allBitsCount() {
        #expect(TaskID(milliseconds: 0, high: 0, low: 0).rawValue == String(repeating: "0", count: 26))
        let last = TaskID(milliseconds: (1 << 48) - 1, high: .max, low: .max)
        #expect(last.rawValue == "7ZZZZZZZZZ" + String(repeating: "Z", count: 16))
        #expect(TaskID(milliseconds: 0, high: 0, low: 1).rawValue.hasSuffix("1"))
        #expect(TaskID(milliseconds: 0, high: 0x8000, low: 0).rawValue.dropFirst(10).first == "G")
    }

    @Test func noCallerCanNameTheSingleton() {
        #expect(throws: BellowsError.self) { try TaskID(TaskID.singleton.rawValue) }
    }

    @Test("Ids that begin with ~ are ours, and the refusal says so", arguments: ["~", "~1", "~relay", "~~", "~a b"])
    func noCallerCanGiveOurIDs(text: String) throws {
        let error = try #require(throws: BellowsError.self) { try TaskID(text) }
        #expect("\(error)".contains("ids that begin with ~ are those of Bellows itself"))
        #expect(TaskID(unchecked: text).isOurs)
        #expect(!TaskID().isOurs)
    }
}
