import Foundation
import RedisFixture

/// The user that docs/operations.md describes, which must be right.
enum DocumentedUser {
    /// As in a URL.
    static let credentials = "bellows:secret"

    /// Makes the user on a server.
    static func create(on server: RedisServer, ofCluster: Bool = false) throws {
        let text = try documentation()
        guard let start = text.firstRange(of: "ACL SETUSER "), let end = text[start.upperBound...].firstRange(of: "```")
        else { throw FixtureFailure("docs/operations.md has no ACL SETUSER") }
        var rules = text[start.upperBound..<end.lowerBound].replacing("\\\n", with: " ")
            .split(whereSeparator: \.isWhitespace).map { $0 == ">PASSWORD" ? ">secret" : String($0) }
        if ofCluster {
            guard let start = text.firstRange(of: "a cluster `"),
                let end = text[start.upperBound...].firstIndex(of: "`")
            else { throw FixtureFailure("docs/operations.md does not say what a user of a cluster needs") }
            rules += text[start.upperBound..<end].split(separator: " ").map(String.init)
        }
        let reply = try RedisProbe(port: server.port).command((["ACL", "SETUSER"] + rules).map { [UInt8]($0.utf8) })
        guard reply == .status("OK") else { throw FixtureFailure("ACL SETUSER: \(reply)") }
    }

    private static func documentation() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
    }
}
