import Bellows
import Testing

@testable import BellowsRedis

@Suite struct CallAttemptTests {
    private func decide(_ text: String, waitsForSpace: Bool = false) -> String {
        var attempt = CallAttempt(waitsForSpace: waitsForSpace)
        return describe(attempt.decide(.error(RedisServerError(text))))
    }

    private func describe(_ decision: CallAttempt.Decision) -> String {
        switch decision {
        case .answer: "answer"
        case .fail(let error): "fail \(error.code)"
        case .retryAtOnce: "at once"
        case .redirect(.moved(let slot, let node)): "moved \(slot.number) \(node)"
        case .redirect(.ask(let node)): "ask \(node)"
        case .retry(let error, let isWrongServer): "retry \(error.code)\(isWrongServer ? " elsewhere" : "")"
        }
    }

    @Test(
        "Each class of error replies has one policy",
        arguments: [
            ("LOADING Redis is loading", "retry unavailable"), ("BUSY Redis is busy", "retry unavailable"),
            ("NOREPLICAS Not enough", "retry unavailable"), ("READONLY You can't", "retry notPrimary elsewhere"),
            ("MASTERDOWN Link", "retry notPrimary elsewhere"), ("OOM command not allowed", "fail storeFull"),
            ("MISCONF Redis is configured", "fail storeFull"), ("NOAUTH Authentication", "fail accessDenied"),
            ("NOPERM this user", "fail accessDenied"), ("WRONGTYPE Operation", "fail invalidData"),
            ("MOVED 1 1.2.3.4:1", "fail unsupportedServer"), ("ERR whatever", "fail invalidData"),
            ("NOSCRIPT No matching", "at once"), ("ERR ACL failure in script: no", "fail accessDenied"),
            ("ERR max number of clients reached", "retry unavailable"),
            ("ERR unknown command 'X'", "fail unsupportedServer"),
        ]
    )
    func policy(text: String, expected: String) {
        #expect(decide(text) == expected)
    }

    @Test("A call to a cluster goes where it is sent, but not for ever")
    func followsRedirects() {
        var attempt = CallAttempt(waitsForSpace: false, followsRedirects: true)
        func decide(_ text: String) -> String { describe(attempt.decide(.error(RedisServerError(text)))) }
        #expect(decide("MOVED 1 1.2.3.4:5") == "moved 1 1.2.3.4:5")
        #expect(decide("ASK 1 host:6") == "ask host:6")
        #expect(decide("MOVED 2 1.2.3.4:5") == "moved 2 1.2.3.4:5")
        #expect(decide("MOVED 1 1.2.3.4:5") == "retry unavailable")
        #expect(decide("MOVED 1 1.2.3.4:5") == "moved 1 1.2.3.4:5")
        #expect(decide("TRYAGAIN Multiple keys") == "retry unavailable")
        #expect(decide("CLUSTERDOWN Hash slot not served") == "retry unavailable")
        #expect(decide("CROSSSLOT Keys") == "fail unsupportedServer")
        #expect(decide("MOVED 1 :6381") == "retry unavailable")
    }

    @Test("What concerns leases waits for space")
    func waitsForSpace() {
        #expect(decide("OOM command not allowed", waitsForSpace: true) == "retry storeFull")
    }

    @Test("The text of a script is sent once; a server that still lacks it is at fault")
    func sendsTextOnce() {
        var attempt = CallAttempt(waitsForSpace: false)
        let lacking = RedisReply.error(RedisServerError("NOSCRIPT No matching script"))
        #expect(describe(attempt.decide(lacking)) == "at once")
        #expect(attempt.sendsText)
        #expect(describe(attempt.decide(lacking)) == "fail invalidData")
    }

    @Test("After a lost reply the call is repeated and says so")
    func repeats() {
        var attempt = CallAttempt(waitsForSpace: false)
        #expect(describe(attempt.decide(.notSent("no connection"))) == "retry unavailable")
        #expect(!attempt.isRepeated)
        #expect(describe(attempt.decide(.outcomeUnknown("cut"))) == "retry outcomeUnknown")
        #expect(attempt.isRepeated)
    }

    @Test("Once an attempt may have been carried out, the outcome stays unknown")
    func staysUnknown() {
        var attempt = CallAttempt(waitsForSpace: false)
        let unavailable = BellowsError(.unavailable, "gone")
        #expect(attempt.finalError(unavailable).code == .unavailable)
        _ = attempt.decide(.outcomeUnknown("cut"))
        #expect(attempt.finalError(unavailable).code == .outcomeUnknown)
    }

    @Test("A connection that is closed, or that refuses us, ends the call")
    func ends() {
        var attempt = CallAttempt(waitsForSpace: false)
        #expect(describe(attempt.decide(.closed)) == "fail closed")
        #expect(describe(attempt.decide(.refused(code: .accessDenied, message: "no"))) == "fail accessDenied")
        #expect(describe(attempt.decide(.refused(code: .notPrimary, message: "no"))) == "retry notPrimary")
        #expect(describe(attempt.decide(.tooLarge(1 << 30))) == "fail invalidData")
    }

    @Test("What comes after an attempt without an answer does not say that nothing was done")
    func remembersTheFirstAttempt() {
        var attempt = CallAttempt(waitsForSpace: false)
        #expect(describe(attempt.decide(.outcomeUnknown("gone"))) == "retry outcomeUnknown")
        #expect(describe(attempt.decide(.closed)) == "fail outcomeUnknown")
        #expect(describe(attempt.decide(.refused(code: .accessDenied, message: "no"))) == "fail outcomeUnknown")
        #expect(describe(attempt.decide(.error(RedisServerError("NOPERM no")))) == "fail outcomeUnknown")
        // The script has looked for the answer to the first one.
        #expect(describe(attempt.decide(.error(RedisServerError("OOM no")))) == "fail storeFull")
    }

    @Test("Pauses grow to a second and are jittered")
    func pauses() {
        var attempt = CallAttempt(waitsForSpace: false)
        let bounds = (0..<8).compactMap { _ in attempt.pause(jitter: 1, left: .seconds(60)) }
        #expect(bounds.count == 8)
        #expect(bounds.first == .milliseconds(60))
        #expect(bounds.last == .milliseconds(1010))
        #expect(bounds == bounds.sorted())
        #expect(attempt.pause(jitter: 0, left: .seconds(60)) == .milliseconds(10))
    }
    @Test("No attempt is made that has no time for an answer")
    func noTimeLeft() {
        var attempt = CallAttempt(waitsForSpace: false)
        #expect(attempt.pause(jitter: 0, left: .milliseconds(10)) == .milliseconds(10))
        #expect(attempt.pause(jitter: 0, left: .milliseconds(9)) == nil)
        #expect(attempt.pause(jitter: 0, left: .milliseconds(-1)) == nil)
    }
}
