/// One answer: a status, a few fields and a body that is there as a whole.
struct HTTPResponse: Equatable, Sendable {
    /// The statuses that the server gives.
    enum Status: Int, Sendable {
        case ok = 200
        case badRequest = 400
        case notFound = 404
        case methodNotAllowed = 405
        case requestTimeout = 408
        case contentTooLarge = 413
        case headTooLarge = 431
        case serviceUnavailable = 503
    }

    let status: Status
    /// Besides those that the server adds: the length, and whether the connection ends.
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    static func == (left: HTTPResponse, right: HTTPResponse) -> Bool {
        left.status == right.status && left.body == right.body
            && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
}

extension HTTPResponse {
    /// A line of JSON.
    static func json(_ status: Status, _ object: JSONText) -> HTTPResponse {
        HTTPResponse(
            status: status,
            fields: [("Content-Type", "application/json")],
            body: Array("\(object.text)\n".utf8)
        )
    }

    /// Answers a request for something that can only be read.
    static func methodNotAllowed() -> HTTPResponse {
        HTTPResponse(status: .methodNotAllowed, fields: [("Allow", "GET, HEAD")])
    }
}
