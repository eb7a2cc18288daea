import ArgumentParser
import Foundation
import RedisFixture

/// Which server a benchmark runs against.
struct ServerOption: ParsableArguments {
    @Option(
        help: """
            redis://127.0.0.1:PORT of a server on this machine to measure, which must be empty and is emptied again; \
            without it a private one is started.
            """
    )
    var url: String?

    /// A private server, or the one that was named.
    ///
    /// - Parameter arguments: options of redis-server, which only a private one can get.
    func start(arguments: [String] = []) throws -> RedisServer {
        guard let url else { return try RedisServer.start(arguments: arguments) }
        guard let parts = URLComponents(string: url), parts.scheme == "redis", parts.user == nil,
            ["127.0.0.1", "localhost"].contains(parts.host), parts.path.isEmpty || parts.path == "/",
            let port = UInt16(exactly: parts.port ?? 6379)
        else { throw ValidationError("--url is redis://127.0.0.1:PORT") }
        guard arguments.isEmpty else {
            throw ValidationError("this measurement needs a server of its own, without --url")
        }
        return try RedisServer.attach(port: port)
    }
}
