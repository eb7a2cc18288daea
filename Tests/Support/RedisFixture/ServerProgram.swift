import Foundation

/// The programs that fixtures start, by the names that they have in PATH.
///
/// The environment variable `BELLOWS_FIXTURE_SERVER` names a directory that has others, which is how all tests run on
/// another server: `make test SERVER=redis-8.0`. `scripts/servers.sh` fills such directories.
enum ServerProgram: String {
    /// The server, which is a Sentinel too.
    case server = "redis-server"
    /// The tool that makes a cluster of servers.
    case tool = "redis-cli"

    private static let directory = ProcessInfo.processInfo.environment["BELLOWS_FIXTURE_SERVER"]

    /// What to start.
    var path: String {
        guard let directory = Self.directory else { return rawValue }
        let path = "\(directory)/\(rawValue)"
        // Some servers come alone. The tool of another one does for them.
        return self == .tool && !FileManager.default.isExecutableFile(atPath: path) ? rawValue : path
    }
}
