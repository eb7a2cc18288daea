import BellowsTesting
import Synchronization
import TestTurns
import Testing

@testable import Bellows

@Suite(.turn) struct BulkPublisherTests {
    private let name: TaskName

    init() throws { name = try TaskName("bulk") }

    /// Claims everything, and returns the payloads in the order of the queue.
    private func payloads(_ backend: some Backend) async throws -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        let request = ClaimRequest(name: name, selection: .earliest(100), lease: .seconds(60))
        while case .claimed(let tasks, _) = try await backend.claim(request) { payloads += tasks.map(\.record.payload) }
        return payloads
    }

    private func bytes(_ number: Int) -> [UInt8] { Array(String(number).utf8) }

    @Test func storesAListInOrderAndAnswersEachItem() async throws {
        let backend = InMemoryBackend()
        var requests = (0..<350).map { PublishRequest(payload: bytes($0)) }
        requests[7].options.availability = .after(.seconds(1e12))
        let outcomes = await backend.publish(contentsOf: requests, to: name)
        #expect(outcomes.count == 350)
        for (place, outcome) in outcomes.enumerated() where place != 7 {
            #expect(try outcome.get().disposition == .new)
        }
        #expect(throws: BellowsError.self) { try outcomes[7].get() }
        #expect(try await payloads(backend) == (0..<350).filter { $0 != 7 }.map(bytes))
    }

    /// Asks something before its first publish, and takes its time.
    private final class HesitantBackend: ForwardingBackend {
        let wrapped: any Backend
        private let hasAsked = Mutex(false)

        init(_ wrapped: any Backend) { self.wrapped = wrapped }

        func publish(
            _ requests: [PublishRequest],
            to name: TaskName
        ) async throws(BellowsError) -> [PublishedTask] {
            let isFirst = hasAsked.withLock { asked in
                defer { asked = true }
                return !asked
            }
            if isFirst { for _ in 0..<100 { await Task.yield() } }
            return try await wrapped.publish(requests, to: name)
        }
    }

    @Test("Nothing overtakes the first call of a list, whatever the backend does before it")
    func beginsWithOneCall() async throws {
        let backend = HesitantBackend(InMemoryBackend())
        let outcomes = await backend.publish(contentsOf: (0..<350).map { PublishRequest(payload: bytes($0)) }, to: name)
        #expect(outcomes.count == 350)
        #expect(try await payloads(backend) == (0..<350).map(bytes))
    }

    @Test func readsASequenceOnlyAsFastAsOutcomesAreTaken() async throws {
        let backend = InMemoryBackend()
        let produced = Atomic(0)
        let source = CountingSequence(count: 5000) { [bytes] number in
            produced.add(1, ordering: .relaxed)
            return PublishRequest(payload: bytes(number))
        }
        let places = Mutex<[Int]>([])
        try await backend.publish(contentsOf: source, to: name) { place, outcome in
            _ = try outcome.get()
            let ahead = produced.load(ordering: .relaxed) - places.withLock(\.count)
            #expect(ahead <= BulkPublisher<InMemoryBackend>.readAhead + 2)
            places.withLock { $0.append(place) }
        }
        #expect(places.withLock(\.self).sorted() == Array(0..<5000))
        #expect(try await payloads(backend) == (0..<5000).map(bytes))
    }

    @Test func endsWithTheErrorOfTheSourceOrOfTheCaller() async throws {
        struct Broken: Error {}
        let backend = InMemoryBackend()
        let source = AsyncThrowingStream<PublishRequest, any Error> { continuation in
            continuation.yield(PublishRequest(payload: [1]))
            continuation.finish(throwing: Broken())
        }
        let count = Atomic(0)
        await #expect(throws: Broken.self) {
            try await backend.publish(contentsOf: source, to: name) { _, _ in count.add(1, ordering: .relaxed) }
        }
        let endless = CountingSequence(count: .max) { _ in PublishRequest(payload: [2]) }
        await #expect(throws: Broken.self) {
            try await backend.publish(contentsOf: endless, to: name) { place, _ in if place == 500 { throw Broken() } }
        }
    }

    @Test func cancellationEndsItAndLosesNothingThatWasReported() async throws {
        let backend = InMemoryBackend()
        let endless = CountingSequence(count: .max) { _ in PublishRequest(payload: [2]) }
        let reported = Atomic(0)
        let publishing = Task { [name] in
            try await backend.publish(contentsOf: endless, to: name) { _, outcome in
                _ = try outcome.get()
                if reported.add(1, ordering: .relaxed).newValue == 300 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        let error = await #expect(throws: BellowsError.self) { try await publishing.value }
        #expect(error?.code == .cancelled)
        #expect(try await backend.statistics(of: name).ready >= reported.load(ordering: .relaxed))
    }
}

/// Elements that are made when they are asked for.
private struct CountingSequence: AsyncSequence, Sendable {
    let count: Int
    let make: @Sendable (Int) -> PublishRequest

    struct AsyncIterator: AsyncIteratorProtocol {
        let sequence: CountingSequence
        var next = 0

        mutating func next() async -> PublishRequest? {
            guard next < sequence.count, !Task.isCancelled else { return nil }
            defer { next += 1 }
            await Task.yield()
            return sequence.make(next)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }
}
