import Foundation
import Testing

@testable import Bellows

@Suite struct PayloadCodecTests {
    private struct Order: Codable, Equatable, Sendable {
        var id: Int64
        var path: String
        var date: Date
    }

    private enum Plain: TaskDefinition {
        static let name = "plain"
        typealias Trigger = PublishTrigger<String>
    }

    private enum Bytes: TaskDefinition {
        static let name = "bytes"
        static let codec = RawPayloadCodec()
        typealias Trigger = PublishTrigger<[UInt8]>
    }

    @Test func definitionUsesTheCodecThatItNames() throws {
        #expect(try PublishRequest(Bytes.self, [1, 2], PublishOptions()).payload == [1, 2])
        #expect(try PublishRequest(Plain.self, "a", PublishOptions()).payload == Array(#""a""#.utf8))
    }

    @Test func jsonRoundTripKeepsLargeNumbersAndIsOneLine() throws {
        let codec = JSONPayloadCodec()
        let order = Order(id: .max, path: "a/b\n🔥", date: Date(timeIntervalSince1970: 1_700_000_000))
        let bytes = try codec.encode(order)
        #expect(try codec.decode(Order.self, from: bytes) == order)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text == #"{"date":"2023-11-14T22:13:20Z","id":9223372036854775807,"path":"a/b\n🔥"}"#)
    }

    @Test(arguments: [[], [0], [0xFF, 0xFE], Array("{".utf8), Array("17".utf8), Array("null".utf8)] as [[UInt8]])
    func jsonThrowsOnForeignBytes(bytes: [UInt8]) {
        #expect(throws: (any Error).self) { try JSONPayloadCodec().decode(Order.self, from: bytes) }
    }

    @Test func rawPassesBytesThrough() throws {
        let codec = RawPayloadCodec()
        let bytes: [UInt8] = [0, 0xFF, 0xC3, 0x28]
        #expect(try codec.encode(bytes) == bytes)
        #expect(try codec.decode([UInt8].self, from: bytes) == bytes)
        #expect(try codec.encode("é\0") == Array("é\0".utf8))
        #expect(try codec.decode(String.self, from: Array("é\0".utf8)) == "é\0")
    }

    @Test func rawRefusesWhatItCannotPassThrough() {
        let codec = RawPayloadCodec()
        #expect(throws: RawPayloadCodec.Failure.unsupportedType("Int")) { try codec.encode(1) }
        #expect(throws: RawPayloadCodec.Failure.unsupportedType("Int")) { try codec.decode(Int.self, from: [1]) }
        #expect(throws: RawPayloadCodec.Failure.notUTF8) { try codec.decode(String.self, from: [0xFF]) }
    }

    @Test func unitCallbackIsZeroBytesAndTakesAny() throws {
        #expect(try Plain.encodeCallback(()) == [])
        try Plain.decodeCallback([1, 2, 3])
    }
}
