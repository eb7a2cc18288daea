import BellowsRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Publishes a stream of requests with a few calls under way at a time, in the order of the stream.
struct BulkPublisher<Backend: TaskPublishingBackend>: Sendable {
    /// What became of one request.
    typealias Outcome = Result<PublishedTask, BellowsError>

    enum Event: Sendable {
        case requests([PublishRequest])
        case published(BulkChunker.Chunk, Result<[PublishedTask], BellowsError>)
        case sourceEnded((any Error)?)
    }

    let backend: Backend
    let partitions: TaskPartitions

    /// Calls that may be under way once the first is answered: enough for the store and us to work at the same time.
    /// The first goes alone: a backend may have to ask something before it, and nothing may overtake it meanwhile.
    static var maximumUnderWay: Int { 3 }
    /// Requests that are read from a source before the outcomes of earlier ones were taken.
    static var readAhead: Int { 4 * VerbLimits.publishedTasks }

    /// Publishes a list.
    ///
    /// - Returns: one outcome for each request, in their order.
    func publish(_ requests: [PublishRequest]) async -> [Outcome] {
        var outcomes = [Outcome?](repeating: nil, count: requests.count)
        let events = EventMailbox<Event>()
        events.post(.requests(requests))
        events.post(.sourceEnded(nil))
        // A list ends without an error, and storing an outcome throws none.
        _ = await loop(events) { place, outcome in outcomes[place] = outcome }
        return outcomes.map { $0 ?? .failure(Self.noAnswer) }
    }

    /// Publishes what an asynchronous sequence brings, and reads on only as fast as that is stored.
    func publish<Source: AsyncSequence & Sendable>(
        from source: Source,
        _ onOutcome: @escaping (Int, Outcome) async throws -> Void
    ) async throws where Source.Element == PublishRequest {
        let events = EventMailbox<Event>()
        let permits = EventMailbox<Int>()
        permits.post(Self.readAhead)
        let reader = Task {
            var left = 0
            do {
                for try await request in source {
                    while left == 0 { left += await permits.next().reduce(0, +) }
                    left -= 1
                    events.post(.requests([request]))
                }
                events.post(.sourceEnded(nil))
            } catch {
                events.post(.sourceEnded(error))
            }
        }
        // A reader that waits for a permit must not wait for ever.
        defer { permits.post(.max / 2) }
        try await withTaskCancellationHandler {
            let failure = await loop(events) { place, outcome in
                permits.post(1)
                try await onOutcome(place, outcome)
            }
            reader.cancel()
            if let failure { throw failure }
        } onCancel: {
            reader.cancel()
            events.post(.sourceEnded(BellowsError(.cancelled, "the publishing was cancelled", verb: .publish)))
        }
    }

    /// Runs until the source has ended and everything is answered, or an outcome is not taken.
    ///
    /// - Returns: why it ended early.
    private func loop(
        _ events: EventMailbox<Event>,
        _ onOutcome: (Int, Outcome) async throws -> Void
    ) async -> (any Error)? {
        var chunker = BulkChunker(limits: backend.limits, partitionCount: partitions.agreedCount)
        var underWay = 0
        var mayBeUnderWay = 1
        var hasEnded = false
        var failure: (any Error)?
        while !(hasEnded && chunker.isEmpty && underWay == 0) {
            for event in await events.next() {
                switch event {
                case .requests(let requests): if failure == nil { chunker.append(requests) }
                case .sourceEnded(let error):
                    hasEnded = true
                    failure = failure ?? error
                case .published(let chunk, let result):
                    underWay -= 1
                    mayBeUnderWay = Self.maximumUnderWay
                    failure = await report(chunk, result, onOutcome) ?? failure
                }
            }
            while underWay < mayBeUnderWay, let chunk = chunker.next(date: Date()) {
                underWay += 1
                send(chunk, events)
            }
            for (place, error) in chunker.takeRefused() where failure == nil {
                failure = await hand(place, .failure(error), onOutcome)
            }
            // What was sent is still waited for; nothing new begins.
            if failure != nil {
                hasEnded = true
                chunker = BulkChunker(limits: backend.limits, partitionCount: partitions.agreedCount)
            }
        }
        return failure
    }

    /// Started one after the other on the event loop, so that calls arrive in the order of the stream.
    private func send(_ chunk: BulkChunker.Chunk, _ events: EventMailbox<Event>) {
        EventLoop.shared.start { [backend, partitions] in
            let answer = await Result(calling: { () async throws(BellowsError) in
                try await backend.publish(chunk.requests, to: partitions)
            })
            events.post(.published(chunk, answer))
        }
    }

    private func report(
        _ chunk: BulkChunker.Chunk,
        _ result: Result<[PublishedTask], BellowsError>,
        _ onOutcome: (Int, Outcome) async throws -> Void
    ) async -> (any Error)? {
        for (index, place) in chunk.places.enumerated() {
            let outcome = result.flatMap { tasks in
                index < tasks.count ? .success(tasks[index]) : .failure(Self.noAnswer)
            }
            if let failure = await hand(place, outcome, onOutcome) { return failure }
        }
        return nil
    }

    private func hand(
        _ place: Int,
        _ outcome: Outcome,
        _ onOutcome: (Int, Outcome) async throws -> Void
    ) async -> (any Error)? {
        do {
            try await onOutcome(place, outcome)
            return nil
        } catch {
            return error
        }
    }

    private static var noAnswer: BellowsError {
        .unansweredPublish
    }
}
