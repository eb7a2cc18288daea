/// The requests and answers of one connection, one after the other, as a plain value: what arrived goes in, what to do
/// comes out. Knows no socket and no clock.
struct HTTPExchange {
    /// What is to be done.
    enum Step: Equatable {
        case nothing
        /// Find the answer to this request.
        case answer(HTTPRequest)
        /// Say this, and end the connection.
        case refuse(HTTPResponse.Status)
        /// End the connection: nobody waits for an answer.
        case close
    }

    private enum State {
        /// No head has come since the last answer.
        case waiting
        /// The head is there, the body is not.
        case receiving(HTTPRequest)
        case answering(HTTPRequest)
        /// The last answer is under way or gone.
        case over
    }

    private var state = State.waiting
    private var hasAnswered = false
    private var isInputClosed = false
    private let bodyLimit: Int

    /// A connection that has just been made.
    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// A head has come.
    ///
    /// - Parameter length: of the body, as far as the head tells it.
    mutating func received(_ request: HTTPRequest, length: Int?) -> Step {
        guard case .waiting = state else { return .nothing }
        if let length, length > bodyLimit { return refuse(.contentTooLarge) }
        state = .receiving(request)
        return .nothing
    }

    /// A part of the body has come.
    mutating func received(_ bytes: some Collection<UInt8>) -> Step {
        guard case .receiving(var request) = state else { return .nothing }
        guard request.body.count + bytes.count <= bodyLimit else { return refuse(.contentTooLarge) }
        request.body += bytes
        state = .receiving(request)
        return .nothing
    }

    /// The request is complete.
    mutating func ended() -> Step {
        guard case .receiving(let request) = state else { return .nothing }
        state = .answering(request)
        return .answer(request)
    }

    /// What has come is no request.
    mutating func failed(isTooLarge: Bool) -> Step {
        refuse(isTooLarge ? .headTooLarge : .badRequest)
    }

    /// The request has not come in time.
    mutating func arrivalTimedOut() -> Step {
        switch state {
        case .waiting where hasAnswered:
            // A connection that was kept for more requests, of which none came.
            state = .over
            return .close
        case .waiting, .receiving: return refuse(.requestTimeout)
        case .answering, .over: return .nothing
        }
    }

    /// The answer was not made in time.
    mutating func answerTimedOut() -> Step {
        guard case .answering = state else { return .nothing }
        return refuse(.serviceUnavailable)
    }

    /// The peer sends no more; it may still want its answer.
    mutating func inputClosed() -> Step {
        isInputClosed = true
        switch state {
        case .waiting, .receiving:
            state = .over
            return .close
        case .answering, .over: return .nothing
        }
    }

    /// Whether the connection ends with the present answer.
    var isLast: Bool {
        guard case .answering(let request) = state else { return true }
        return isInputClosed || !request.keepsAlive
    }

    /// The peer has taken the answer.
    mutating func answered() -> Step {
        guard case .answering = state, !isLast else {
            state = .over
            return .close
        }
        hasAnswered = true
        state = .waiting
        return .nothing
    }

    private mutating func refuse(_ status: HTTPResponse.Status) -> Step {
        if case .over = state { return .nothing }
        state = .over
        return .refuse(status)
    }
}
