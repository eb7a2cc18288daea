import Bellows

/// What an announcement says of a result.
struct ResultNews: Equatable, Sendable {
    let id: TaskID
    /// The run that it is of; `-` if nobody knows.
    let run: String
    /// The result, if it is small enough to travel with its announcement.
    let lookup: ResultLookup?

    /// The answer to a query; nil if the store has to be asked.
    func answer(to query: ResultQuery) -> ResultLookup? {
        guard run == "-" || query.run == nil || query.run?.rawValue == run else { return nil }
        return lookup
    }

    /// Reads all news of a message: for each result its id, its run, a letter with the count of bytes, and the bytes.
    ///
    /// - Parameter bytes: what stands behind the base key.
    /// - Returns: nil if it makes no sense.
    static func read(_ bytes: ArraySlice<UInt8>) -> [ResultNews]? {
        var rest = bytes
        var news: [ResultNews] = []
        while !rest.isEmpty {
            guard let id = word(&rest), let run = word(&rest), let size = word(&rest), !id.isEmpty,
                let count = Int(size.dropFirst()), count >= 0, count <= rest.count
            else { return nil }
            let content = rest.prefix(count)
            rest = rest.dropFirst(count)
            if let separator = rest.popFirst(), separator != UInt8(ascii: " ") { return nil }
            let lookup: ResultLookup?
            switch size.first {
            case "D": lookup = .finished(Array(content))
            case "X": lookup = .dead(reason: String(decoding: content, as: UTF8.self))
            case "?": lookup = nil
            default: return nil
            }
            news.append(ResultNews(id: TaskID(unchecked: id), run: run, lookup: lookup))
        }
        return news.isEmpty ? nil : news
    }

    private static func word(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let end = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
