/// Keeps the last bytes of a stream.
struct TailBuffer {
    private let limit: Int
    private var stored: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// The last bytes.
    var bytes: [UInt8] { Array(stored.suffix(limit)) }

    mutating func append(_ more: [UInt8]) {
        stored += more.suffix(limit)
        // Cut only now and then, so that a stream of short lines is not copied over and over.
        if stored.count > limit * 2 { stored.removeFirst(stored.count - limit) }
    }
}
