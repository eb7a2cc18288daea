#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Cuts a stream of requests into calls that a backend takes. Knows no backend and no clock.
struct BulkChunker {
    /// What goes out with one call, and where it stood in the stream.
    struct Chunk: Sendable {
        var places: [Int] = []
        var requests: [PublishRequest] = []
    }

    private let limits: TaskLimits
    private let partitionCount: Int?
    private var waiting: [PublishRequest] = []
    private var position = 0
    private var place = 0

    /// Requests that can never be published, and why; they are in no chunk.
    private(set) var refused: [(place: Int, error: BellowsError)] = []

    /// Makes an empty one.
    ///
    /// - Parameters:
    ///   - limits: what the backend takes.
    ///   - partitionCount: what all requests say of the parts of their definition.
    init(limits: TaskLimits, partitionCount: Int? = nil) {
        self.limits = limits
        self.partitionCount = partitionCount
    }

    /// Whether nothing waits.
    var isEmpty: Bool { position == waiting.count }

    /// Adds requests.
    mutating func append(_ more: [PublishRequest]) {
        waiting = isEmpty ? more : waiting[position...] + more
        position = 0
    }

    /// Takes out what goes next; nil if nothing is left.
    ///
    /// - Parameter date: the wall clock, for availabilities that are dates.
    mutating func next(date: Date) -> Chunk? {
        var chunk = Chunk()
        var bytes = 0
        var ids: Set<TaskID> = []
        while position < waiting.count, chunk.requests.count < VerbLimits.publishedTasks {
            var request = waiting[position]
            request.partitionCount = partitionCount
            do throws(BellowsError) {
                _ = try request.validate(limits: limits, date: date)
            } catch {
                refused.append((place, error))
                advance()
                continue
            }
            guard chunk.requests.isEmpty || bytes + request.payload.count <= VerbLimits.callBytes else { break }
            // One id twice in the stream makes two calls: the second one learns that the task exists.
            if let id = request.options.id, !ids.insert(id).inserted { break }
            bytes += request.payload.count
            chunk.places.append(place)
            chunk.requests.append(request)
            advance()
        }
        return chunk.requests.isEmpty ? nil : chunk
    }

    /// Takes out the requests that were refused so far.
    mutating func takeRefused() -> [(place: Int, error: BellowsError)] {
        defer { refused = [] }
        return refused
    }

    private mutating func advance() {
        position += 1
        place += 1
    }
}
