import Foundation
import Testing

@testable import Bellows

@Suite struct AttemptResolverTests {
    private let resolver = AttemptResolver(
        handlerPolicy: RetryPolicy(maximumAttempts: 3, backoff: Backoff(base: .seconds(8), maximum: .seconds(60))),
        resultRetention: nil,
        limits: TaskLimits(result: 10, errorText: 8)
    )

    private func report(_ task: ClaimedTask, _ result: AttemptResult) -> AttemptReport {
        var random = SystemRandomNumberGenerator()
        return resolver.report(on: task, result, date: Date(), using: &random)
    }

    private func death(_ task: ClaimedTask) throws -> FailRequest {
        guard case .dead(let request) = resolver.refusal(of: task) else {
            Issue.record("it is not refused for good")
            throw CancellationError()
        }
        return request
    }

    private func failure(_ report: AttemptReport) throws -> FailRequest {
        guard case .fail(let request) = report else {
            Issue.record("not a failure: \(report)")
            throw CancellationError()
        }
        return request
    }

    @Test func attemptsBeyondTheLimitNeverReachAWorker() throws {
        #expect(resolver.refusal(of: try Fixtures.task(attempt: 3)) == nil)
        let refused = try death(try Fixtures.task(attempt: 4))
        #expect(refused.disposition == .dead)
        #expect(!refused.countsAttempt, "no worker has seen the fourth")
        let patient = RetryPolicy(maximumAttempts: 9)
        #expect(resolver.refusal(of: try Fixtures.task(attempt: 4, policy: patient)) == nil, "the task's own policy")
        #expect(
            resolver.refusal(of: try Fixtures.task(kind: .singleton, attempt: 99)) == nil,
            "singletons have no limit"
        )
    }

    @Test func malformedRecordIsDead() throws {
        let task = try Fixtures.task(malformed: "unreadable")
        #expect(try death(task) == FailRequest(lease: task.lease, disposition: .dead, error: "unreadable"))
    }

    @Test("What a newer version knows is given back, however often it was tried")
    func newerIsGivenBack() throws {
        let task = try Fixtures.task(attempt: 99, newer: "its key")
        #expect(resolver.refusal(of: task) == .newer(reason: "its key"))
        for malformed in [nil, "unreadable"] {
            let lease = try Fixtures.lease(id: TaskID(unchecked: "~relay"))
            let own = ClaimedTask(lease: lease, attempt: 99, record: TaskRecord(payload: []), malformed: malformed)
            guard case .newer = resolver.refusal(of: own) else {
                Issue.record("a task of the library's own is not given back")
                return
            }
        }
        let singleton = ClaimedTask(
            lease: try Fixtures.lease(kind: .singleton, id: .singleton),
            attempt: 1,
            record: TaskRecord(payload: [])
        )
        #expect(resolver.refusal(of: singleton) == nil, "its id begins with ~ too")
    }

    @Test func errorsAreRetriedWithJitterUntilTheLastAttempt() throws {
        let first = try failure(report(try Fixtures.task(attempt: 1), .error("boom")))
        guard case .retry(.after(let delay)) = first.disposition else {
            Issue.record("not a retry: \(first)")
            return
        }
        #expect(delay >= .zero && delay <= .seconds(8))
        let last = try failure(report(try Fixtures.task(attempt: 3), .error("boom")))
        #expect(last.disposition == .dead)
        #expect(last.error == "boom")
    }

    @Test("A record that asks for a pause of centuries gets the longest that there is, and spoils no batch")
    func clampsThePause() throws {
        let backoff = Backoff(base: .seconds(100_000_000_000), maximum: .seconds(1_000_000_000_000))
        let policy = RetryPolicy(maximumAttempts: 9, backoff: backoff)
        for _ in 0..<20 {
            let request = try failure(report(try Fixtures.task(attempt: 3, policy: policy), .error("boom")))
            guard case .retry(let availability) = request.disposition else {
                Issue.record("not a retry: \(request)")
                return
            }
            #expect(try availability.milliseconds(from: Date()) >= 0)
        }
    }

    @Test func workerDecides() throws {
        let task = try Fixtures.task()
        #expect(try failure(report(task, .failure(.retryImmediately))).disposition == .retry(.now))
        let later = Availability.after(.seconds(5))
        #expect(try failure(report(task, .failure(.retry(later)))).disposition == .retry(later))
        #expect(try failure(report(task, .failure(.dead(reason: "never")))).disposition == .dead)
        let exhausted = try Fixtures.task(attempt: 3)
        #expect(try failure(report(exhausted, .failure(.retryImmediately))).disposition == .dead)
    }

    @Test func resultOverTheLimitIsDeadWithThatReason() throws {
        let task = try Fixtures.task()
        let whole = [UInt8](repeating: 1, count: 10)
        #expect(report(task, .success(whole, nextRun: nil)) == .finish(FinishRequest(lease: task.lease, result: whole)))
        let roomy = AttemptResolver(handlerPolicy: RetryPolicy(), resultRetention: nil, limits: TaskLimits(result: 10))
        var random = SystemRandomNumberGenerator()
        let over = roomy.report(on: task, .success(whole + [1], nextRun: nil), date: Date(), using: &random)
        #expect(try failure(over).error == "result of 11 bytes is over the limit of 10 bytes")
        #expect(try failure(over).disposition == .dead)
    }

    @Test func absurdNextRunIsDeadInsteadOfLooping() throws {
        let never = Availability.at(Date(timeIntervalSince1970: .nan))
        #expect(try failure(report(try Fixtures.task(), .success([], nextRun: never))).disposition == .dead)
    }

    @Test func singletonNeverDies() throws {
        let task = try Fixtures.task(kind: .singleton, attempt: 50)
        #expect(try failure(report(task, .failure(.dead(reason: "x")))).disposition == .retry(.after(.seconds(60))))
        guard case .retry = try failure(report(task, .error("x"))).disposition else {
            Issue.record("a singleton died")
            return
        }
    }

    @Test func errorTextIsCutAndEscaped() throws {
        let request = try failure(report(try Fixtures.task(), .failure(.dead(reason: "ab\ncdefghijk"))))
        #expect(request.error == "ab\\ncdef")
    }

    @Test func aSingletonThatNamesAPastDateIsPaced() throws {
        func next(_ kind: TaskKind, _ availability: Availability) throws -> Availability? {
            guard case .finish(let request) = report(try Fixtures.task(kind: kind), .success([], nextRun: availability))
            else { return nil }
            return request.nextRun
        }
        let past = Availability.at(Date(timeIntervalSinceNow: -60))
        #expect(try next(.singleton, past) == .after(.seconds(1)))
        #expect(try next(.singleton, .now) == .now, "who asks for it gets it")
        #expect(try next(.published, past) == past)
        let ahead = Availability.at(Date(timeIntervalSinceNow: 60))
        #expect(try next(.singleton, ahead) == ahead)
    }
}
