import Foundation
import Testing

@testable import Bellows

/// What the conformance list does not reach: bounds of what has ended, and what happens long afterwards.
@Suite struct TaskTableTests {
    private var table: TaskTable

    init() throws { table = TaskTable(name: try TaskName("test.task"), limits: TaskLimits()) }

    private mutating func publish(_ count: Int = 1, options: PublishOptions = PublishOptions()) -> [PublishedTask] {
        let requests = [PublishRequest](repeating: PublishRequest(payload: [1], options: options), count: count)
        let delays = [Int64](repeating: 0, count: count)
        return table.publish(requests, delays: delays, at: Fixtures.instant(0), nonce: "publish").value
    }

    private mutating func claim(_ count: Int, at seconds: Double) -> [ClaimedTask] {
        let request = ClaimRequest(name: table.name, selection: .earliest(count), lease: .seconds(10))
        let answer = table.claim(request, at: Fixtures.instant(seconds), nonce: "claim\(seconds)")
        guard case .claimed(let tasks, _) = answer.value else { return [] }
        return tasks
    }

    private mutating func bury(_ count: Int, at seconds: Double) {
        _ = publish(count)
        let tasks = claim(count, at: seconds)
        let requests = tasks.map { FailRequest(lease: $0.lease, disposition: .dead, error: "no") }
        _ = table.fail(requests, delays: tasks.map { _ in nil }, at: Fixtures.instant(seconds))
    }

    @Test mutating func deadLettersAreBoundedByCount() {
        for batch in 0..<101 { bury(100, at: Double(batch)) }
        #expect(table.dead.count == TaskTable.maximumDeadLetters)
        #expect(table.deaths.count == TaskTable.maximumDeadLetters)
        let latest = table.deadLetters(offset: 0, limit: 1) {
            Date(timeIntervalSince1970: ($0 - Fixtures.start.clockInstant).inSeconds)
        }
        #expect(latest.first?.date == Date(timeIntervalSince1970: 100))
        #expect(table.deaths.first()?.key == Fixtures.instant(1), "the oldest went")
        #expect(table.statistics.trimmedTotal == 100)
    }

    @Test("An id that lives again is not put back beside itself") mutating func retriesNoLivingID() throws {
        bury(1, at: 5)
        let id = try #require(table.dead.keys.first)
        table.insert(
            TaskEntry(record: TaskRecord(payload: [2]), run: RunID("r")),
            id: id,
            delay: .zero,
            at: Fixtures.instant(6)
        )
        #expect(table.retryDeadLetters([id], at: Fixtures.instant(7)).value == [false])
        #expect(table.dead[id] != nil && table.delayed.count == 0)
        #expect(claim(10, at: 8).map(\.record.payload) == [[2]])
    }

    @Test mutating func deadLettersAreGoneAfter90Days() {
        bury(2, at: 5)
        table.removeExpired(at: Fixtures.instant(90 * 86400 + 4))
        #expect(table.dead.count == 2)
        table.removeExpired(at: Fixtures.instant(90 * 86400 + 5))
        #expect(table.dead.isEmpty)
    }

    @Test mutating func nothingIsLeftOfATaskThatHasEnded() throws {
        let options = PublishOptions(id: try TaskID("a"), deduplicationWindow: .seconds(60), announcesResult: true)
        _ = publish(options: options)
        let task = try #require(claim(1, at: 1).first)
        let request = FinishRequest(lease: task.lease, result: [1], deduplicationWindow: .seconds(60))
        let answer = table.finish([request], delays: [nil], at: Fixtures.instant(2))
        #expect(answer.value == [.done])
        #expect(answer.signals == [.resultReady(task.id, of: table.name)])
        #expect(table.tombstones[task.id] != nil)
        table.removeExpired(at: Fixtures.instant(3700))
        #expect(table.results[task.id] == nil)
        #expect(table.tombstones[task.id] == nil)
        #expect(table.entries.isEmpty && table.leases.count == 0 && table.ready.count == 0)
    }

    @Test mutating func oneWakeUpPerCallNamesTheLeastDelay() throws {
        let requests = [PublishRequest](repeating: PublishRequest(payload: []), count: 3)
        let answer = table.publish(requests, delays: [9000, 4000, 6000], at: Fixtures.instant(0), nonce: "p")
        #expect(answer.signals == [.due(table.name, in: .seconds(4))])
        let again = table.publish(requests, delays: [1, 0, 1], at: Fixtures.instant(0), nonce: "q")
        #expect(again.signals == [.available(table.name)])
        let options = PublishOptions(id: try TaskID("known"))
        _ = publish(options: options)
        let known = table.publish(
            [PublishRequest(payload: [], options: options)],
            delays: [0],
            at: Fixtures.instant(0),
            nonce: "r"
        )
        #expect(known.signals.isEmpty, "nothing new, nobody woken")
    }

    @Test mutating func turnsChangeOnlyWhereBothKindsWait() throws {
        let delayed = [PublishRequest](repeating: PublishRequest(payload: []), count: 4)
        _ = table.publish(delayed, delays: [1, 1, 1, 1], at: Fixtures.instant(0), nonce: "p")
        #expect(claim(2, at: 1).count == 2)
        #expect(!table.isTurnOfDelayed)
        let immediate = Set(publish(2).map(\.id))
        let kinds = claim(4, at: 1).map { immediate.contains($0.id) }
        #expect(kinds == [true, false, true, false])
    }

    @Test mutating func singletonSlotStartsDueAndCountsAttempts() {
        var slot = SingletonSlot()
        let token = { (attempt: Int) in LeaseToken("\(attempt):x") }
        #expect(slot.nextInstant(at: Fixtures.instant(0)) == nil)
        #expect(slot.claim(for: .seconds(5), at: Fixtures.instant(0), makeToken: token) == nil)
        #expect(slot.nextInstant(at: Fixtures.instant(0)) == Fixtures.instant(5))
        guard case .leased(let remaining)? = slot.claim(for: .seconds(5), at: Fixtures.instant(2), makeToken: token)
        else {
            Issue.record("a leased singleton was claimed")
            return
        }
        #expect(remaining == .seconds(3))
        #expect(slot.claim(for: .seconds(5), at: Fixtures.instant(5), makeToken: token) == nil)
        #expect(slot.attempt == 2)
    }
}
