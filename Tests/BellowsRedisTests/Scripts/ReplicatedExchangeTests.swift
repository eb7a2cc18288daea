import Bellows
import Testing

@testable import BellowsRedis

/// What the answers of a script and of the WAIT behind it mean together.
@Suite struct ReplicatedExchangeTests {
    private let fine = Result<RedisReply, BellowsError>.success(.integer(7))

    private func text(_ decision: ReplicatedExchange<Int>.Decision?) -> String {
        switch decision {
        case nil: "nothing"
        case .done(_, let replicas): "done \(replicas)"
        case .again: "again"
        case .failed(let error): "failed \(error.code)"
        }
    }

    @Test func countsBehindTheScriptOnItsConnection() {
        var exchange = ReplicatedExchange<Int>()
        #expect(text(exchange.scriptEnded(fine, connection: 1)) == "nothing")
        #expect(text(exchange.waitEnded(2, connection: 1)) == "done 2")
    }

    @Test func doesNotBelieveAnotherConnection() {
        var exchange = ReplicatedExchange<Int>()
        _ = exchange.scriptEnded(fine, connection: 1)
        #expect(text(exchange.waitEnded(2, connection: 2)) == "again")
    }

    @Test func doesNotBelieveWhatCameBeforeTheScript() {
        var exchange = ReplicatedExchange<Int>()
        #expect(text(exchange.waitEnded(2, connection: 1)) == "nothing")
        #expect(text(exchange.scriptEnded(fine, connection: 1)) == "again")
    }

    @Test func repeatsWhenWaitHasNoAnswer() {
        var exchange = ReplicatedExchange<Int>()
        _ = exchange.scriptEnded(fine, connection: 1)
        #expect(text(exchange.waitEnded(nil, connection: 2)) == "again")
    }

    @Test func failsWithTheScript() {
        var exchange = ReplicatedExchange<Int>()
        _ = exchange.waitEnded(0, connection: 1)
        #expect(
            text(exchange.scriptEnded(.failure(BellowsError(.storeFull, "full")), connection: 1)) == "failed storeFull"
        )
    }
}
