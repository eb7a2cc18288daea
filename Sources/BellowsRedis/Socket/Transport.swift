import Bellows

/// The way of bytes between a link and its socket: as they are, or through TLS. Used on the event loop only.
final class Transport {
    /// How far the beginning is.
    enum Opening {
        /// Commands may be sent.
        case done
        /// The other side has to say more.
        case underWay
        /// Broken; trying again may help.
        case lost(String)
        /// Not acceptable; trying again will not help soon.
        case refused(BellowsError)
    }

    private let descriptor: Int32

    #if TLS
        private let session: TLSSession?
        /// Encrypted bytes on their way.
        private var output = OutputBuffer()
        /// What ended the session, if bytes before it had to be handed over first.
        private var ending: Socket.Outcome?
        private let input: UnsafeMutableRawBufferPointer?

        init(descriptor: Int32, session: TLSSession?) {
            self.descriptor = descriptor
            self.session = session
            input = session.map { _ in .allocate(byteCount: 32 << 10, alignment: 16) }
        }

        deinit {
            input?.deallocate()
        }
    #else
        init(descriptor: Int32) {
            self.descriptor = descriptor
        }
    #endif

    #if TLS
        /// Whether others may write to the socket directly.
        var isPlain: Bool { session == nil }
        /// Whether something that was taken from the link waits for the socket.
        var hasOutput: Bool { !output.isEmpty }
        /// Whether there is more to receive, although the socket may have nothing.
        var hasInput: Bool { ending != nil || session?.hasBufferedInput == true }
    #else
        var isPlain: Bool { true }
        var hasOutput: Bool { false }
        var hasInput: Bool { false }
    #endif

    /// Does what comes before the first command.
    func open() -> Opening {
        #if TLS
            guard let session, let input else { return .done }
            while true {
                let step = session.handshake()
                // What says why we do not accept the other side goes out too.
                let flushed = flush(session)
                switch step {
                case .done:
                    if case .failed(let text) = flushed { return .lost(text) }
                    return .done
                case .ended: return .lost("the server ended the TLS handshake")
                case .failed(let failure): return opening(session, failure)
                case .needsInput: break
                }
                switch Socket.receive(descriptor, into: input) {
                case .moved(let count): session.feed(UnsafeRawBufferPointer(rebasing: input[..<count]))
                case .wouldBlock: return .underWay
                case .ended: return .lost("the server ended the connection during the TLS handshake")
                case .failed(let text), .refused(let text): return .lost(text)
                }
            }
        #else
            return .done
        #endif
    }

    /// Sends as much as the socket takes.
    func send(_ bytes: inout OutputBuffer) -> Socket.Outcome {
        #if TLS
            if let session { return send(&bytes, session) }
        #endif
        return bytes.send(to: descriptor)
    }

    /// Receives what is there. If it does not fill the buffer, nothing is left in the socket.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Outcome {
        #if TLS
            if let session, let input { return receive(into: buffer, session, input) }
        #endif
        return Socket.receive(descriptor, into: buffer)
    }
}

#if TLS
    extension Transport {
        /// Encrypted in pieces, so that a slow socket does not double what waits.
        private static var pieceSize: Int { 128 << 10 }

        private func send(_ bytes: inout OutputBuffer, _ session: TLSSession) -> Socket.Outcome {
            while true {
                switch flush(session) {
                case .moved: break
                case .wouldBlock: return .wouldBlock
                case let end: return reason(session) ?? end
                }
                guard !bytes.isEmpty else { return .moved(0) }
                let step = bytes.withUnsent(atMost: Self.pieceSize) { session.write($0) }
                switch step {
                case .done(let count): bytes.markSent(count)
                case .ended: return .ended
                // Both sides have agreed not to negotiate again, so nothing can be missing.
                case .needsInput: return .failed("TLS: the server wants to negotiate again")
                case .failed(let failure): return outcome(of: failure)
                }
            }
        }

        /// What the other side has said before it went, such as that it wants a certificate of ours.
        private func reason(_ session: TLSSession) -> Socket.Outcome? {
            guard let input, case .moved(let count) = Socket.receive(descriptor, into: input) else { return nil }
            session.feed(UnsafeRawBufferPointer(rebasing: input[..<count]))
            // The connection is over: whatever else it has said is of no use.
            while true {
                switch session.read(into: input) {
                case .done: continue
                case .failed(let failure): return outcome(of: failure)
                case .ended, .needsInput: return nil
                }
            }
        }

        /// Sends encrypted bytes until there are none left.
        private func flush(_ session: TLSSession) -> Socket.Outcome {
            while true {
                if output.isEmpty { output.refill { session.takeOutput(into: &$0) } }
                guard !output.isEmpty else { return .moved(0) }
                let outcome = output.send(to: descriptor)
                guard case .moved = outcome else { return outcome }
            }
        }

        private func receive(
            into buffer: UnsafeMutableRawBufferPointer,
            _ session: TLSSession,
            _ input: UnsafeMutableRawBufferPointer
        ) -> Socket.Outcome {
            if let ending { return ending }
            var count = 0
            while count < buffer.count {
                let outcome: Socket.Outcome
                switch session.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])) {
                case .done(let read):
                    count += read
                    continue
                case .ended: outcome = .ended
                case .failed(let failure): outcome = self.outcome(of: failure)
                case .needsInput:
                    outcome = Socket.receive(descriptor, into: input)
                    if case .moved(let received) = outcome {
                        session.feed(UnsafeRawBufferPointer(rebasing: input[..<received]))
                        continue
                    }
                }
                guard count > 0 else { return outcome }
                if outcome != .wouldBlock { ending = outcome }
                break
            }
            return .moved(count)
        }

        private func outcome(of failure: TLSFailure) -> Socket.Outcome {
            switch failure.kind {
            case .certificateRefused: .refused("Redis does not accept our certificate: TLS: \(failure.reason)")
            case .notTLS, .other: .failed("TLS: \(failure.reason)")
            }
        }

        private func opening(_ session: TLSSession, _ failure: TLSFailure) -> Opening {
            if let problem = session.certificateProblem {
                return .refused(
                    BellowsError(
                        .unsupportedServer,
                        "the certificate of Redis at \(session.name) is not accepted: \(problem)"
                    )
                )
            }
            if failure.kind == .notTLS {
                return .refused(BellowsError(.unsupportedServer, "Redis does not speak TLS there: use redis://"))
            }
            switch outcome(of: failure) {
            case .refused(let text): return .refused(BellowsError(.accessDenied, text))
            case .failed(let text): return .lost(text)
            case .moved, .wouldBlock, .ended: return .lost("TLS: \(failure.reason)")
            }
        }
    }
#endif
