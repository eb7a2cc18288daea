import Foundation
import RedisFixture

/// One process of a soak with a clock and, if there can be one, a proxy of its own, which the nemesis may harm.
final class SoakProcess: @unchecked Sendable {
    // Unchecked: it is started again; only the soak's one task uses it.
    private var process: ChildProcess
    private let arguments: (String) -> [String]
    private let url: String
    let proxy: FaultProxy?
    let clock: ClockShim

    /// Starts it.
    ///
    /// - Parameters:
    ///   - store: what it works on.
    ///   - arguments: this program's arguments, given the address of the store or the proxy.
    init(store: SoakStore, arguments: @escaping (String) -> [String]) throws {
        proxy = try store.makeProxy()
        url = proxy?.url ?? store.url
        clock = try ClockShim()
        self.arguments = arguments
        process = try ChildProcess(arguments: arguments(url), environment: clock.environment)
    }

    var pid: Int32 { process.pid }
    var isRunning: Bool { process.isRunning }
    /// Whether it has ended by a signal, or with an error.
    var hasCrashed: Bool { process.hasCrashed }

    /// Starts it again, after it has ended.
    func start() throws {
        process = try ChildProcess(arguments: arguments(url), environment: clock.environment)
    }

    func signal(_ number: Int32) { process.signal(number) }

    /// Waits until it has ended by itself; kills it if it does not.
    ///
    /// - Returns: how long that took, in seconds; nil if it had to be killed.
    func waitForEnd(atMost limit: Duration) async throws -> Double? {
        let begin = ContinuousClock.now
        if try await wait(atMost: limit, until: { !self.isRunning }) {
            return (ContinuousClock.now - begin) / .seconds(1)
        }
        process.end()
        return nil
    }

    /// Bytes of memory and open descriptors.
    func usage() -> (bytes: Int, descriptors: Int) {
        let status = FileManager.default.contents(atPath: "/proc/\(pid)/statm").map {
            String(decoding: $0, as: UTF8.self)
        }
        let pages = status?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var descriptors = 0
        do {
            descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        } catch {
            // The process is gone.
            descriptors = 0
        }
        return (pages * 4096, descriptors)
    }
}
