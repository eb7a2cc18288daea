import Foundation
import Synchronization

/// A TCP proxy on this machine between a client and a server, which breaks connections on demand.
public final class FaultProxy: Sendable {
    private let listener: Int32
    private let target: UInt16
    private let faults = ProxyFaults()
    private let connections = Mutex<[ProxyConnection]>([])

    /// Connections that were accepted and are served by nobody.
    private let hanging = Mutex<[Int32]>([])

    /// The two directions of a connection.
    public struct Directions: OptionSet, Sendable {
        /// One bit for each direction.
        public let rawValue: Int

        /// Makes a set.
        ///
        /// - Parameter rawValue: one bit for each direction.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// From clients to the server.
        public static let requests = Directions(rawValue: 1)
        /// From the server to clients.
        public static let replies = Directions(rawValue: 2)
    }

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
        heal()
        cut()
        Loopback.endBoth(listener)
    }

    /// The URL of the proxy.
    public var url: String { "redis://\(FixtureUser.prefix)127.0.0.1:\(port)" }

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

    /// Ends the direction from the server to the clients only; what clients send still arrives.
    public func halfClose() {
        for connection in connections.withLock({ $0 }) { connection.halfClose() }
    }

    /// Holds back everything, or lets it go on. Connections stay open.
    ///
    /// - Parameters:
    ///   - isStalled: whether to hold everything back.
    ///   - directions: which directions; both if not said.
    public func stall(_ isStalled: Bool, _ directions: Directions = [.requests, .replies]) {
        faults.change { $0.stalled = isStalled ? directions : [] }
    }

    /// Hands on each piece so much later, in either direction.
    ///
    /// - Parameter delay: how much later; zero for at once.
    public func delay(_ delay: Duration) {
        faults.change { $0.delay = delay }
    }

    /// Accepts connections and never answers them, or serves them.
    ///
    /// - Parameter isOn: whether to let new connections hang.
    public func swallowConnections(_ isOn: Bool) {
        faults.change { $0.isBlackHole = isOn }
        if !isOn { for connection in takeHanging() { Loopback.closeDescriptor(connection) } }
    }

    /// Ends every fault; connections that were cut stay cut.
    public func heal() {
        faults.change { $0 = ProxyFaults.State() }
        for connection in takeHanging() { Loopback.closeDescriptor(connection) }
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
        guard !faults.current.isBlackHole else {
            hanging.withLock { $0.append(client) }
            return
        }
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

    private func takeHanging() -> [Int32] {
        hanging.withLock { hanging in
            defer { hanging = [] }
            return hanging
        }
    }

    private func takeConnections() -> [ProxyConnection] {
        connections.withLock { connections in
            defer { connections = [] }
            return connections
        }
    }
}
