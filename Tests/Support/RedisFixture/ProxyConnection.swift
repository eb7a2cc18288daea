import Foundation
import Synchronization

/// One connection through a ``FaultProxy``: a thread for each direction.
final class ProxyConnection: Sendable {
    private let client: Int32
    private let server: Int32
    private let faults: ProxyFaults
    private let isOver = Mutex(false)
    /// Keeps whole pieces together when bytes are injected.
    private let clientOutput = Mutex(())

    init(client: Int32, server: Int32, faults: ProxyFaults) {
        self.client = client
        self.server = server
        self.faults = faults
    }

    deinit {
        Loopback.closeDescriptor(client)
        Loopback.closeDescriptor(server)
    }

    var hasEnded: Bool { isOver.withLock { $0 } }

    func start() {
        Thread.detachNewThread { self.pumpRequests() }
        Thread.detachNewThread { self.pumpReplies() }
    }

    /// Ends both sides in an orderly way.
    func end() {
        guard markOver() else { return }
        Loopback.endBoth(client)
        Loopback.endBoth(server)
        faults.wakeAll()
    }

    /// Ends both sides; the client sees a reset when the last thread has let go.
    func reset() {
        guard markOver() else { return }
        Loopback.resetOnClose(client)
        Loopback.endReading(client)
        Loopback.endBoth(server)
        faults.wakeAll()
    }

    /// Ends the direction to the client only: it sees the end of the stream, and what it sends still arrives.
    func halfClose() {
        Loopback.endWriting(client)
    }

    func inject(_ bytes: [UInt8]) {
        clientOutput.withLock { _ in _ = Loopback.sendAll(client, bytes) }
    }

    private func markOver() -> Bool {
        isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
    }

    private func pumpRequests() {
        while let bytes = Loopback.receive(client) {
            faults.waitWhileStalled(.requests) { hasEnded }
            guard !hasEnded, Loopback.sendAll(server, bytes) else { break }
        }
        end()
    }

    private func pumpReplies() {
        var frames = FrameReader()
        while let bytes = Loopback.receive(server) {
            faults.waitWhileStalled(.replies) { hasEnded }
            guard !hasEnded, !faults.takeReplyDrop() else { break }
            let current = faults.current
            // Whole frames are needed only to tell messages from other replies.
            frames.feed(bytes)
            var passed: [UInt8] = []
            while let (reply, raw) = frames.next() {
                if !(current.swallowsMessages && Self.isMessage(reply)) { passed += raw }
            }
            guard send(passed, inSingleBytes: current.sendsSingleBytes) else { break }
        }
        end()
    }

    private func send(_ bytes: [UInt8], inSingleBytes: Bool) -> Bool {
        clientOutput.withLock { _ in
            guard inSingleBytes else { return Loopback.sendAll(client, bytes) }
            return bytes.allSatisfy { Loopback.sendAll(client, [$0]) }
        }
    }

    private static func isMessage(_ reply: ProbeReply) -> Bool {
        guard case .array(let parts) = reply, let kind = parts.first else { return false }
        return kind.text == "message" || kind.text == "smessage"
    }
}
