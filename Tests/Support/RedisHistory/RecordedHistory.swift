package import Bellows
package import BellowsHistory
package import RedisFixture

/// What servers have written down of a history, to be judged by a ``ReferenceModel`` and compared with what clients
/// were told.
package struct RecordedHistory: Sendable {
    /// The calls of each definition, in the order in which the server carried them out. A new era begins with nothing,
    /// as when everything was removed.
    private var eras: [[String: [RecordedCall]]] = [[:]]
    /// The base keys of the definitions.
    private let bases: [String]

    /// Begins with nothing.
    ///
    /// - Parameter names: the definitions, under the usual prefix.
    package init(of names: [TaskName]) { bases = names.map { "bellows:2:{\($0)}" } }

    /// How many calls there are.
    package var count: Int { eras.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } } }

    /// Takes over what a store has written down so far, and removes it there.
    ///
    /// - Parameters:
    ///   - servers: all servers of the store.
    ///   - flushing: also removes everything else, at the same instant, so that a new era begins.
    /// - Throws: `FixtureError` if a server does not answer as it should.
    package mutating func take(from servers: [RedisServer], flushing: Bool = false) throws {
        for server in servers { try take(from: RedisProbe(port: server.port), flushing: flushing) }
        if flushing { eras.append([:]) }
    }

    private mutating func take(from probe: RedisProbe, flushing: Bool) throws {
        var lists: [(base: String, elements: [[UInt8]])] = []
        // The lists only grow at their ends: most is read in pieces, and the rest is removed in the step in which it is read.
        for base in bases {
            var elements: [[UInt8]] = []
            while let piece = try Self.range(of: base, from: elements.count, probe) {
                elements += piece
                if piece.count < 10_000 {
                    lists.append((base, elements))
                    break
                }
            }
        }
        let places = lists.flatMap { [$0.base + ":calls", "\($0.elements.count)"] }
        let command = ["EVAL", Self.takeScript, "0", flushing ? "flush" : ""] + places
        let rests = try probe.command(command.map { Array($0.utf8) })
        guard let rests = rests.elements, rests.count == lists.count else { throw FixtureError("EVAL: \(rests)") }
        for ((base, elements), rest) in zip(lists, rests) {
            let all = elements + (rest.elements ?? []).compactMap(\.bytes)
            eras[eras.count - 1][base, default: []] += try RecordedCall.read(all)
        }
    }

    /// Unlike MULTI it works on several slots of a server.
    private static let takeScript = """
        local rests = {}
        for i = 2, #ARGV, 2 do
            rests[#rests + 1] = redis.call('LRANGE', ARGV[i], ARGV[i + 1], '-1')
            redis.call('DEL', ARGV[i])
        end
        if ARGV[1] == 'flush' then redis.call('FLUSHALL') end
        return rests
        """

    /// A piece of a list; nil if another server of a cluster keeps it.
    private static func range(of base: String, from start: Int, _ probe: RedisProbe) throws -> [[UInt8]]? {
        let reply = try probe.command("LRANGE", base + ":calls", "\(start)", "\(start + 9999)")
        if let piece = reply.elements { return piece.compactMap(\.bytes) }
        if case .error(let text) = reply, text.hasPrefix("MOVED") || text.hasPrefix("ASK") { return nil }
        throw FixtureError("LRANGE \(base): \(reply)")
    }

    /// Everything that is wrong: answers that the servers must not have given, what is left at the end, and answers
    /// that clients had but no server has given.
    ///
    /// - Parameter events: what clients were told.
    package func violations(_ events: [HistoryEvent]) -> [String] {
        var problems: [String] = []
        for (number, era) in eras.enumerated() {
            for (base, calls) in era {
                var model = ReferenceModel()
                for call in calls { problems += model.apply(call).map { "\(base): \($0)" } }
                // What was removed with everything else cannot end.
                guard number == eras.count - 1 else { continue }
                problems += model.unfinished.map { "\(base): \($0) never ended" }
            }
        }
        return problems + AnswersGiven(eras.flatMap { $0.values.joined() }).missing(events)
    }
}
