import Testing

@testable import BellowsCLI

/// What one connection's requests lead to.
@Suite struct HTTPExchangeTests {
    private func request(_ target: String = "/live", keepsAlive: Bool = true) -> HTTPRequest {
        HTTPRequest(method: "GET", target: target, keepsAlive: keepsAlive)
    }

    @Test func readsTargets() {
        #expect(request("/a?b?c").path == "/a")
        #expect(request("/a?b?c").query == "b?c")
        #expect(request("").path == "")
        #expect(request("/a").query == nil)
        #expect(request("/a?").query == "")
    }

    @Test func answersOneRequestAfterTheOther() {
        var exchange = HTTPExchange(bodyLimit: 10)
        for _ in 0..<3 {
            #expect(exchange.received(request(), length: nil) == .nothing)
            #expect(exchange.ended() == .answer(request()))
            #expect(!exchange.isLast)
            #expect(exchange.arrivalTimedOut() == .nothing)
            #expect(exchange.answered() == .nothing)
        }
        #expect(exchange.arrivalTimedOut() == .close, "nobody asks any more")
    }

    @Test func takesBodiesUpToTheLimit() {
        var exchange = HTTPExchange(bodyLimit: 3)
        _ = exchange.received(request(), length: 3)
        #expect(exchange.received([1, 2]) == .nothing)
        #expect(exchange.received([3]) == .nothing)
        var whole = request()
        whole.body = [1, 2, 3]
        #expect(exchange.ended() == .answer(whole))
        var announced = HTTPExchange(bodyLimit: 3)
        #expect(announced.received(request(), length: 4) == .refuse(.contentTooLarge))
        #expect(announced.received([1]) == .nothing)
        #expect(announced.ended() == .nothing)
        var chunked = HTTPExchange(bodyLimit: 3)
        _ = chunked.received(request(), length: nil)
        #expect(chunked.received([1, 2, 3, 4]) == .refuse(.contentTooLarge))
        #expect(chunked.answered() == .close)
    }

    @Test func endsWhatIsSlow() {
        var silent = HTTPExchange(bodyLimit: 3)
        #expect(silent.arrivalTimedOut() == .refuse(.requestTimeout))
        #expect(silent.arrivalTimedOut() == .nothing)
        var half = HTTPExchange(bodyLimit: 3)
        _ = half.received(request(), length: 2)
        #expect(half.arrivalTimedOut() == .refuse(.requestTimeout))
        var unanswered = HTTPExchange(bodyLimit: 3)
        _ = unanswered.received(request(), length: nil)
        _ = unanswered.ended()
        #expect(unanswered.answerTimedOut() == .refuse(.serviceUnavailable))
        #expect(unanswered.answered() == .close)
    }

    @Test func refusesWhatIsNoRequest() {
        var exchange = HTTPExchange(bodyLimit: 3)
        #expect(exchange.failed(isTooLarge: true) == .refuse(.headTooLarge))
        #expect(exchange.failed(isTooLarge: false) == .nothing, "said once")
        var other = HTTPExchange(bodyLimit: 3)
        #expect(other.failed(isTooLarge: false) == .refuse(.badRequest))
    }

    @Test func answersWhoHasHalfClosed() {
        var exchange = HTTPExchange(bodyLimit: 3)
        _ = exchange.received(request(), length: nil)
        _ = exchange.ended()
        #expect(exchange.inputClosed() == .nothing)
        #expect(exchange.isLast)
        #expect(exchange.answered() == .close)
        var idle = HTTPExchange(bodyLimit: 3)
        #expect(idle.inputClosed() == .close)
    }

    @Test func endsAfterTheLastRequest() {
        var exchange = HTTPExchange(bodyLimit: 3)
        _ = exchange.received(request(keepsAlive: false), length: nil)
        _ = exchange.ended()
        #expect(exchange.isLast)
        #expect(exchange.answered() == .close)
    }
}
