import Foundation

/// Lets only a few servers start at the same time, so that each of them is ready soon.
enum StartGate {
    private static let room = DispatchSemaphore(value: max(2, ProcessInfo.processInfo.activeProcessorCount))

    /// Runs what starts a server and waits until it answers.
    static func pass<Value>(_ start: () throws -> Value) rethrows -> Value {
        room.wait()
        defer { room.signal() }
        return try start()
    }
}
