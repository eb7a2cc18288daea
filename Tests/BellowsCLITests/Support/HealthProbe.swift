import Foundation
import RedisFixture

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Asks a worker for its health.
struct HealthProbe {
    let port: UInt16
    var host = "127.0.0.1"
    var session = URLSession.shared

    /// Asks until the answer is as it should be.
    func ask(_ path: String, until status: Int) async throws {
        try await FixtureWait.until("/\(path) answers \(status)") { try await self.status(path) == status }
    }

    /// The status of a GET; nil if nobody is there.
    func status(_ path: String) async throws -> Int? {
        guard let url = URL(string: "http://\(host):\(port)/\(path)") else { return nil }
        do {
            return (try await session.data(from: url).1 as? HTTPURLResponse)?.statusCode
        } catch is URLError {
            return nil
        }
    }
}
