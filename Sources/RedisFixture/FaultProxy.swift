import Foundation
import Synchronization

/// A TCP proxy on this machine between a client and a server, which breaks connections on demand.
public final class FaultProxy: Sendable {
    private let listener: Int32
    private let target: UInt16
    private let faults = ProxyFaults()
    private let connections = Mutex<[ProxyConnection]>([])

    /// The port to connect to.
    public let port: UInt16

    /// Starts to listen.
    ///
    /// - Parameter target: the server's port on this machine.
    /// - Throws: ``FixtureError`` if there is no free port.
    public init(forwardingTo target: UInt16) throws {
        self.target = target
        (listener, port) = try Loopback.listen(port: 0)
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while let client = Loopback.acceptNext(listener) {
                guard let self else {
                    Loopback.closeDescriptor(client)
                    break
                }
                self.accept(client)
            }
            Loopback.closeDescriptor(listener)
        }
    }

    deinit {
        cut()
        Loopback.endBoth(listener)
    }

    /// The URL of the proxy.
    public var url: String { "redis://127.0.0.1:\(port)" }

    /// How many connections it has accepted so far.
    public var acceptedConnections: Int { faults.accepted }

    /// Ends all connections in an orderly way (FIN).
    public func cut() {
        for connection in takeConnections() { connection.end() }
    }

    /// Ends all connections at once (RST).
    public func resetAll() {
        for connection in takeConnections() { connection.reset() }
    }

    /// Holds back everything in both directions, or lets it go on. Connections stay open.
    ///
    /// - Parameter isStalled: whether to hold everything back.
    public func stall(_ isStalled: Bool) {
        faults.change { $0.isStalled = isStalled }
    }

    /// Lets the next request through, but ends its connection instead of passing on what the server answers.
    public func dropNextReply() {
        faults.change { $0.mustDropReply = true }
    }

    /// Passes replies on in pieces of one byte, or as they come.
    ///
    /// - Parameter isOn: whether to cut them up.
    public func sendSingleBytes(_ isOn: Bool) {
        faults.change { $0.sendsSingleBytes = isOn }
    }

    /// Loses published messages, but no other reply.
    ///
    /// - Parameter isOn: whether to lose them.
    public func swallowPubSubMessages(_ isOn: Bool) {
        faults.change { $0.swallowsMessages = isOn }
    }

    /// Accepts connections and ends them at once, or serves them.
    ///
    /// - Parameter isOn: whether to turn them away.
    public func refuse(_ isOn: Bool) {
        faults.change { $0.refuses = isOn }
    }

    /// Sends bytes to all clients that no server has sent.
    ///
    /// - Parameter text: the bytes.
    public func inject(_ text: String) {
        for connection in connections.withLock({ $0 }) { connection.inject([UInt8](text.utf8)) }
    }

    private func accept(_ client: Int32) {
        faults.countAccepted()
        guard !faults.current.refuses, let server = try? Loopback.connect(port: target) else {
            // Like a server that is not there, as far as a proxy can show it.
            Loopback.resetOnClose(client)
            Loopback.closeDescriptor(client)
            return
        }
        let connection = ProxyConnection(client: client, server: server, faults: faults)
        connections.withLock { connections in
            connections.removeAll { $0.hasEnded }
            connections.append(connection)
        }
        connection.start()
    }

    private func takeConnections() -> [ProxyConnection] {
        connections.withLock { connections in
            defer { connections = [] }
            return connections
        }
    }
}
