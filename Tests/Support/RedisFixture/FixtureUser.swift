import Foundation

/// The user of Redis that a document describes, in a block that begins with `ACL SETUSER`, with `>PASSWORD` for its
/// password. The document is right if everything works as this user.
public struct FixtureUser: Sendable {
    /// Name and rules, as ACL SETUSER takes them.
    public let rules: [String]
    /// What a user of a cluster needs beside that.
    public let clusterRules: [String]
    /// Its name and password as they stand in a URL, the `@` included.
    public let credentials: String

    /// The user that all servers of this process get, and that their URLs name: the environment variable
    /// `BELLOWS_FIXTURE_USER` names the document. Nil without it: then URLs name no user.
    static let current = Result<FixtureUser?, any Error> {
        try ProcessInfo.processInfo.environment["BELLOWS_FIXTURE_USER"].map { try FixtureUser(document: $0) }
    }

    /// What stands in front of the host in URLs of servers. None can be started if the document is wrong.
    static var prefix: String {
        if case .success(let user?) = current { user.credentials } else { "" }
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - path: its path.
    ///   - user: which of its users.
    /// - Throws: ``FixtureError`` if there is no such block in it.
    public init(document path: String, user: String = "bellows") throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let command = "ACL SETUSER "
        guard let start = text.firstRange(of: command + user + " "),
            let end = text[start.upperBound...].firstRange(of: "```")
        else { throw FixtureError("\(path) has no ACL SETUSER \(user)") }
        let name = text.index(start.lowerBound, offsetBy: command.count)
        rules = text[name..<end.lowerBound].replacing("\\\n", with: " ")
            .split(whereSeparator: \.isWhitespace).map { $0 == ">PASSWORD" ? ">secret" : String($0) }
        guard let more = text.firstRange(of: "a cluster `"), let end = text[more.upperBound...].firstIndex(of: "`"),
            let name = rules.first
        else { throw FixtureError("\(path) does not say what a user of a cluster needs") }
        clusterRules = text[more.upperBound..<end].split(separator: " ").map(String.init)
        credentials = "\(name):secret@"
    }

    /// Options of redis-server that make the user.
    func options(ofCluster: Bool) -> [String] { ["--user"] + rules + (ofCluster ? clusterRules : []) }
}
