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
        #expect(read("p:2:{a:b}:wake", "0") == .signal(.available(name)))
        #expect(read("p:2:{a:b}:wake", "1500") == .signal(.due(name, in: .milliseconds(1500))))
        let large = ResultAnnouncement(id: try TaskID("01ABC:x"), of: name)
        #expect(read("p:2:inbox:f", "result p:2:{a:b} 01ABC:x - ?0 ") == .results([large]))
        let several = [
            ResultAnnouncement(
                id: try TaskID("a"),
                of: name,
                run: RunID("r-1-0"),
                lookup: .finished(Array("x y".utf8))
            ),
            ResultAnnouncement(id: try TaskID("b"), of: name, lookup: .finished([])),
            ResultAnnouncement(id: try TaskID("c"), of: name, lookup: .dead(reason: "D1 ")),
            ResultAnnouncement(id: try TaskID("d"), of: name, lookup: .cancelled(reason: "later")),
        ]
        #expect(
            read("p:2:inbox:f", "result p:2:{a:b} a r-1-0 D3 x y b - D0  c - X3 D1  d - C5 later") == .results(several)
        )
        #expect(read("p:2:inbox:f", "probe 17") == .probe("17"))
        #expect(read("p:2:inbox:f", "wake p:2:{a:b}") == .signal(.availableHere(name)))
        #expect(read("p:2:inbox:f", "look p:2:{a:b}") == .secondLook(name))
        let notice = CancellationNotice(name: name, id: try TaskID("x"), token: LeaseToken("1:n-7"), reason: "why not")
        #expect(read("p:2:inbox:f", "cancel p:2:{a:b} x 1:n-7 why not") == .signal(.cancellation(notice)))
        let mute = CancellationNotice(name: name, id: try TaskID("x"), token: LeaseToken("1:n-7"), reason: "")
        #expect(read("p:2:inbox:f", "cancel p:2:{a:b} x 1:n-7 ") == .signal(.cancellation(mute)))
        #expect(read("p:2:inbox:f", "due p:2:{a:b} 250") == .signal(.due(name, in: .milliseconds(250))))
    }

    @Test(
        "Anything else is passed over",
        arguments: [
            "", "x", "result", "result q:2:{a} id - D0 ", "probe", "1e9", "9223372036854775808", "\u{FFFD}",
            "result p:2:{a} id", "result p:2:{a} id - D5 abc", "result p:2:{a} id - D-1 ", "result p:2:{a} id - Z0 ",
            "wake q:2:{a}", "due p:2:{a} -1", "cancel p:2:{a}", "cancel p:2:{a} x 1:n-7", "cancel q:2:{a} x 1:n-7 ",
            "due p:2:{a} x", "look", "result p:2:{a} id - D1 xy", "result p:2:{a}  - D0 ", "result p:2:{a} ",
        ]
    )
    func passesOver(payload: String) {
        #expect(read("p:2:{a}:wake", payload) == nil)
    }
}
