import Foundation
import RedisFixture

/// The users that docs/tls-and-users.md describes.
enum DocumentedUser {
    private static let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/tls-and-users.md").path

    /// Makes one of them on a server.
    ///
    /// - Returns: what stands in front of the host in a URL.
    @discardableResult
    static func create(_ name: String = "bellows", on server: RedisServer) throws -> String {
        let user = try FixtureUser(document: document, user: name)
        let reply = try RedisProbe(port: server.port).command(
            (["ACL", "SETUSER"] + user.rules).map { [UInt8]($0.utf8) }
        )
        guard reply == .status("OK") else { throw FixtureFailure("ACL SETUSER: \(reply)") }
        return user.credentials
    }
}
