import Foundation
import Synchronization

/// A TCP proxy on this machine that hands on everything half a round trip later, in both directions.
public final class DelayProxy: Sendable {
    private let listener: Int32
    private let target: UInt16
    private let delay: TimeInterval
    private let descriptors = Mutex<[Int32]>([])

    /// The port to connect to.
    public let port: UInt16

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - target: the server's port on this machine.
    ///   - roundTrip: what is added to every round trip.
    /// - Throws: ``FixtureError`` if there is no free port.
    public init(forwardingTo target: UInt16, roundTrip: Duration) throws {
        self.target = target
        delay = Double(roundTrip.components.attoseconds) * 1e-18 / 2 + Double(roundTrip.components.seconds) / 2
        (listener, port) = try Loopback.listen(port: 0)
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while let client = Loopback.acceptNext(listener) { self?.accept(client) }
            Loopback.closeDescriptor(listener)
        }
    }

    deinit {
        stop()
    }

    /// The URL of the proxy.
    public var url: String { "redis://\(FixtureUser.prefix)127.0.0.1:\(port)" }

    /// Ends all connections, and takes no more.
    public func stop() {
        Loopback.endBoth(listener)
        for descriptor in descriptors.withLock(\.self) { Loopback.endBoth(descriptor) }
    }

    private func accept(_ client: Int32) {
        // Without a server behind it the proxy does what a machine without one does: it ends the connection.
        guard let server = try? Loopback.connect(port: target) else { return Loopback.closeDescriptor(client) }
        descriptors.withLock { $0 += [client, server] }
        // Descriptors stay open until the proxy is gone: a number that is used again would mix up connections.
        DelayLine(from: client, to: server, delay: delay).start()
        DelayLine(from: server, to: client, delay: delay).start()
    }
}

/// One direction of one connection: a thread reads, another writes when the time has come.
private final class DelayLine: @unchecked Sendable {
    // Unchecked: everything that changes is guarded by the condition.
    private let source: Int32
    private let sink: Int32
    private let delay: TimeInterval
    private let condition = NSCondition()
    private var waiting: [(due: TimeInterval, bytes: [UInt8])] = []
    private var hasEnded = false

    init(from source: Int32, to sink: Int32, delay: TimeInterval) {
        (self.source, self.sink, self.delay) = (source, sink, delay)
    }

    func start() {
        Thread.detachNewThread { self.read() }
        Thread.detachNewThread { self.write() }
    }

    private func read() {
        while let bytes = Loopback.receive(source) {
            let due = ProcessInfo.processInfo.systemUptime + delay
            condition.lock()
            waiting.append((due, bytes))
            condition.signal()
            condition.unlock()
        }
        condition.lock()
        hasEnded = true
        condition.signal()
        condition.unlock()
    }

    private func write() {
        while true {
            condition.lock()
            while waiting.isEmpty, !hasEnded { condition.wait() }
            guard !waiting.isEmpty else {
                condition.unlock()
                return Loopback.endBoth(sink)
            }
            let (due, bytes) = waiting.removeFirst()
            condition.unlock()
            let wait = due - ProcessInfo.processInfo.systemUptime
            if wait > 0 { Thread.sleep(forTimeInterval: wait) }
            guard Loopback.sendAll(sink, bytes) else { return Loopback.endBoth(source) }
        }
    }
}
