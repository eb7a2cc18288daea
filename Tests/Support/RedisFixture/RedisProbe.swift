import BellowsTesting
import Synchronization

/// A small blocking client, with which a test looks at a server behind the library's back.
public final class RedisProbe: Sendable {
    private let descriptor: Int32
    private let reader = Mutex(FrameReader())

    /// Connects.
    ///
    /// - Parameters:
    ///   - port: the server's port on this machine.
    ///   - patience: how many seconds a reply may take on an idle machine.
    /// - Throws: ``FixtureError`` if nobody listens there.
    public init(port: UInt16, patience: Int = 20) throws {
        descriptor = try Loopback.connect(port: port)
        Loopback.setReceiveTimeout(descriptor, seconds: Int(Double(patience) * MachineLoad.factor))
    }

    deinit {
        Loopback.closeDescriptor(descriptor)
    }

    /// Sends a command and waits for its reply, for a bounded time: 20 s on an idle machine unless set otherwise.
    ///
    /// - Parameter parts: the command's name and arguments.
    /// - Returns: the reply; an error reply is a value.
    /// - Throws: ``FixtureError`` if the connection has ended or nothing came.
    @discardableResult
    public func command(_ parts: String...) throws -> ProbeReply {
        try command(parts.map { [UInt8]($0.utf8) })
    }

    /// Sends a command and waits for its reply, for a bounded time: 20 s on an idle machine unless set otherwise.
    ///
    /// - Parameter parts: the command's name and arguments, any bytes.
    /// - Returns: the reply; an error reply is a value.
    /// - Throws: ``FixtureError`` if the connection has ended or nothing came.
    @discardableResult
    public func command(_ parts: [[UInt8]]) throws -> ProbeReply {
        var bytes = [UInt8]("*\(parts.count)\r\n".utf8)
        for part in parts {
            bytes += [UInt8]("$\(part.count)\r\n".utf8) + part + [13, 10]
        }
        return try reader.withLock { reader in
            guard Loopback.sendAll(descriptor, bytes) else { throw FixtureError("the connection has ended") }
            return try Self.nextReply(descriptor, &reader)
        }
    }

    /// Waits for the next reply without sending anything, as after MONITOR or SUBSCRIBE, for as
    /// long as for one that was asked for.
    ///
    /// - Returns: the reply.
    /// - Throws: ``FixtureError`` if the connection has ended or nothing came.
    public func next() throws -> ProbeReply {
        try reader.withLock { try Self.nextReply(descriptor, &$0) }
    }

    private static func nextReply(_ descriptor: Int32, _ reader: inout FrameReader) throws -> ProbeReply {
        while true {
            if let (reply, _) = reader.next() { return reply }
            guard let bytes = Loopback.receive(descriptor) else { throw FixtureError("no reply") }
            reader.feed(bytes)
        }
    }
}
