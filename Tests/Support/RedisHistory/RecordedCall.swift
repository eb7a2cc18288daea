import RedisFixture

/// One call of a script as the server carried it out, which `RedisConfiguration.recordsCalls` has made it write down.
package struct RecordedCall: Sendable {
    /// The name of the script's file.
    package let script: String
    /// The server's time in ms, before and after.
    package let before: Int64
    package let after: Int64
    package let arguments: [[UInt8]]
    package let reply: [[UInt8]]

    package init(script: String, before: Int64, after: Int64, arguments: [[UInt8]], reply: [[UInt8]]) {
        (self.script, self.before, self.after) = (script, before, after)
        (self.arguments, self.reply) = (arguments, reply)
    }

    /// Reads a list of calls.
    ///
    /// - Parameter elements: as `ScriptRecorder` has appended them.
    /// - Throws: `FixtureError` if it is no such list.
    package static func read(_ elements: [[UInt8]]) throws -> [RecordedCall] {
        var calls: [RecordedCall] = []
        var rest = elements[...]
        func number() throws -> Int64 {
            guard let bytes = rest.popFirst(), let number = Int64(String(decoding: bytes, as: UTF8.self)) else {
                throw FixtureError("the list of calls cannot be read behind call \(calls.count)")
            }
            return number
        }
        func several() throws -> [[UInt8]] {
            let count = Int(try number())
            guard count >= 0, count <= rest.count else {
                throw FixtureError("the list of calls ends within call \(calls.count)")
            }
            defer { rest.removeFirst(count) }
            return Array(rest.prefix(count))
        }
        while let script = rest.popFirst() {
            calls.append(
                RecordedCall(
                    script: String(decoding: script, as: UTF8.self),
                    before: try number(),
                    after: try number(),
                    arguments: try several(),
                    reply: try several()
                )
            )
        }
        return calls
    }

    /// The two times in their order: the clock may have been set back while the script ran.
    var earliest: Int64 { min(before, after) }
    var latest: Int64 { max(before, after) }

    /// An argument as text; empty if there is none.
    func text(_ index: Int) -> String {
        index < arguments.count ? String(decoding: arguments[index], as: UTF8.self) : ""
    }

    /// An argument as a number; 0 if it is none.
    func number(_ index: Int) -> Int64 { Int64(text(index)) ?? 0 }

    /// A part of the answer as text; empty if there is none.
    func answer(_ index: Int) -> String {
        index < reply.count ? String(decoding: reply[index], as: UTF8.self) : ""
    }
}
