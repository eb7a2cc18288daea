#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One task to be published: its bytes and how.
public struct PublishRequest: Hashable, Sendable {
    /// The codec's bytes.
    public var payload: [UInt8]
    /// How the task is published.
    public var options: PublishOptions
    /// An id that the library made before the request was sent, because somebody already listens for its result.
    package var presetID: TaskID?

    /// Into how many parts the publisher divides the definition; nil, the default, on the raw layer, where a part is named
    /// by itself. A ``PartitionCountRegistry`` compares it with the store's.
    public var partitionCount: Int?

    /// The id under which a backend stores the task. A new one at each call unless one is given or preset.
    public func makeID() -> TaskID { options.id ?? presetID ?? TaskID() }

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - payload: the codec's bytes.
    ///   - options: how the task is published.
    ///   - partitionCount: into how many parts the publisher divides the definition.
    public init(payload: [UInt8], options: PublishOptions = PublishOptions(), partitionCount: Int? = nil) {
        self.payload = payload
        self.options = options
        self.partitionCount = partitionCount
    }

    /// Whether the publisher's process waits for the result: then it is kept for ``PublishOptions/resultRetention``, or an
    /// hour without one, and announced to that process's ``SignalTopic/result(_:of:)``.
    public var announcesResult: Bool { options.announcesResult }

    /// The record that a backend stores; ``RecordCoder`` makes bytes of it.
    public var record: TaskRecord {
        TaskRecord(
            payload: payload,
            headers: options.headers,
            retryPolicy: options.retryPolicy,
            deduplicationWindow: options.id == nil ? nil : options.deduplicationWindow
        )
    }

    /// Checks the requests of one call before anything is sent. Every backend calls this first.
    ///
    /// - Parameters:
    ///   - requests: the requests of one call.
    ///   - limits: the backend's limits.
    ///   - date: the wall clock, for availabilities that are dates.
    /// - Returns: the delay of each request in milliseconds.
    /// - Throws: ``BellowsError/Code/invalidInput`` or ``BellowsError/Code/tooLarge`` for the first thing that is wrong.
    public static func validate(
        _ requests: [PublishRequest],
        limits: TaskLimits,
        date: Date
    ) throws(BellowsError) -> [Int64] {
        try VerbLimits.check(requests.count, atMost: VerbLimits.publishedTasks)
        try limits.validate()
        var seen: Set<TaskID> = []
        var delays: [Int64] = []
        var bytes = 0
        delays.reserveCapacity(requests.count)
        for request in requests {
            delays.append(try request.validate(limits: limits, date: date))
            bytes += request.payload.count + (request.options.headers.isEmpty ? 0 : request.record.headerSize)
            guard bytes <= VerbLimits.publishedBytes || requests.count == 1 else {
                throw .listTooLarge(limit: VerbLimits.publishedBytes)
            }
            guard let id = request.options.id else { continue }
            guard seen.insert(id).inserted else { throw .duplicateID(id) }
        }
        return delays
    }

    /// Checks one request, and tells its delay in milliseconds.
    func validate(limits: TaskLimits, date: Date) throws(BellowsError) -> Int64 {
        try limits.check(payload: payload, headers: options.headers)
        try options.retryPolicy?.validate()
        try options.durability.validate()
        try Availability.validate(window: options.deduplicationWindow)
        if let retention = options.resultRetention { try Availability.validate(window: retention) }
        return try options.availability.milliseconds(from: date)
    }
}

extension BellowsError {
    /// A backend that answered fewer requests than it was given.
    package static var unansweredPublish: BellowsError {
        BellowsError(.invalidData, "the backend gave no answer to a publish", verb: .publish)
    }
}

extension PublishRequest {
    /// Makes the request one whose result is kept and announced, under an id that is known before it is sent.
    ///
    /// - Returns: the id.
    package mutating func prepareForAwaiting() -> TaskID {
        options.announcesResult = true
        options.resultRetention = options.resultRetention ?? PublishOptions.defaultRetention
        let id = options.id ?? TaskID()
        presetID = id
        return id
    }
}
