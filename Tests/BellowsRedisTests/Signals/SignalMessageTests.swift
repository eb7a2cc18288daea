import Bellows
import Testing

@testable import BellowsRedis

@Suite struct SignalMessageTests {
    private let keys = RedisKeySpace(prefix: "p")

    private func read(_ channel: String, _ payload: String) -> SignalMessage? {
        SignalMessage(channel: Array(channel.utf8), payload: Array(payload.utf8), keys: keys)
    }

    @Test("Messages of the documented channels are understood")
    func understands() throws {
        let name = try TaskName("a:b")
        #expect(read("p:1:{a:b}:wake", "0") == .signal(.available(name)))
        #expect(read("p:1:{a:b}:wake", "1500") == .signal(.due(name, in: .milliseconds(1500))))
        #expect(
            read("p:1:inbox:f", "result p:1:{a:b} 01ABC:x") == .signal(.resultReady(try TaskID("01ABC:x"), of: name))
        )
        #expect(read("p:1:inbox:f", "probe 17") == .probe("17"))
    }

    @Test(
        "Anything else is passed over",
        arguments: ["", "x", "result", "result q:1:{a} id", "probe", "1e9", "9223372036854775808", "\u{FFFD}"]
    )
    func passesOver(payload: String) {
        #expect(read("p:1:{a}:wake", payload) == nil)
    }
}
