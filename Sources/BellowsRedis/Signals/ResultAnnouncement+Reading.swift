import Bellows

extension ResultAnnouncement {
    /// Reads all announcements of a message: for each result its id, its run (`-` if nobody knows it), a letter with the
    /// count of bytes, and the bytes.
    ///
    /// - Parameters:
    ///   - bytes: what stands behind the base key.
    ///   - name: the definition that the base key names.
    /// - Returns: nil if it makes no sense.
    static func read(_ bytes: ArraySlice<UInt8>, of name: TaskName) -> [ResultAnnouncement]? {
        var rest = bytes
        var announcements: [ResultAnnouncement] = []
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
            case "C": lookup = .cancelled(reason: String(decoding: content, as: UTF8.self))
            case "?": lookup = nil
            default: return nil
            }
            announcements.append(
                ResultAnnouncement(
                    id: TaskID(unchecked: id),
                    of: name,
                    run: run == "-" ? nil : RunID(run),
                    lookup: lookup
                )
            )
        }
        return announcements.isEmpty ? nil : announcements
    }

    private static func word(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let end = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
