import BellowsTesting
import Foundation

/// A listener that hears what its first visitor says first, and hangs up.
public final class FirstBytes: Sendable {
    private let listener: Int32
    /// Where it listens on this machine.
    public let port: UInt16

    /// Begins to listen.
    ///
    /// - Throws: ``FixtureError`` if there is no port.
    public init() throws {
        (listener, port) = try Loopback.listen(port: 0)
    }

    deinit {
        Loopback.closeDescriptor(listener)
    }

    /// Waits for the visitor.
    ///
    /// - Returns: what it said; nil if it said nothing for 20 seconds, or more on a busy machine.
    public func next() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                guard let visitor = Loopback.acceptNext(listener) else { return continuation.resume(returning: nil) }
                Loopback.setReceiveTimeout(visitor, seconds: Int(20 * MachineLoad.factor))
                continuation.resume(returning: Loopback.receive(visitor))
                Loopback.closeDescriptor(visitor)
            }
        }
    }
}
