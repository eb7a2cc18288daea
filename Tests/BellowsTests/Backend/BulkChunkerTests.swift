import Foundation
import Testing

@testable import Bellows

@Suite struct BulkChunkerTests {
    private let date = Date(timeIntervalSince1970: 0)

    private func request(bytes: Int = 1, id: String? = nil) throws -> PublishRequest {
        PublishRequest(
            payload: [UInt8](repeating: 0, count: bytes),
            options: PublishOptions(id: try id.map { try TaskID($0) })
        )
    }

    @Test func cutsByCountAndBytes() throws {
        var chunker = BulkChunker(limits: TaskLimits())
        chunker.append(try (0..<130).map { _ in try request() })
        #expect(chunker.next(date: date)?.places == Array(0..<100))
        #expect(chunker.next(date: date)?.places == Array(100..<130))
        #expect(chunker.next(date: date) == nil)
        chunker.append(try (0..<3).map { _ in try request(bytes: 1 << 19) })
        #expect(chunker.next(date: date)?.places == [130, 131], "places go on")
        #expect(chunker.next(date: date)?.places == [132])
    }

    @Test func refusesWhatIsNotValidAndGoesOn() throws {
        var chunker = BulkChunker(limits: TaskLimits())
        chunker.append([try request(), try request(bytes: (1 << 20) + 1), try request()])
        #expect(chunker.next(date: date)?.places == [0, 2])
        let refused = chunker.takeRefused()
        #expect(refused.map(\.place) == [1])
        #expect(refused.map(\.error) == [.payloadTooLarge(size: (1 << 20) + 1, limit: 1 << 20)])
        #expect(chunker.takeRefused().isEmpty)
    }

    @Test func separatesRepeatedIDs() throws {
        var chunker = BulkChunker(limits: TaskLimits())
        chunker.append([try request(id: "a"), try request(id: "b"), try request(id: "a")])
        #expect(chunker.next(date: date)?.places == [0, 1])
        #expect(chunker.next(date: date)?.places == [2])
    }
}
