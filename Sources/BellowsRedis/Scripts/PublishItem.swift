import Bellows

/// One task on its way to publish.lua.
struct PublishItem: Sendable {
    let id: TaskID
    let isCallersID: Bool
    /// Empty, or `CALLER,DELAY,TTL,ANNOUNCE`.
    let options: String
    let record: [UInt8]

    /// Turns a checked request into what the script takes.
    init(_ request: PublishRequest, delay: Int64) {
        id = request.makeID()
        isCallersID = request.options.id != nil
        record = RecordCoder.encode(request.record)
        let announces = request.options.announcesResult
        var retention = request.options.resultRetention ?? .zero
        if retention <= .zero, announces { retention = PublishOptions.defaultRetention }
        if isCallersID || delay > 0 || retention > .zero {
            options = "\(isCallersID ? 1 : 0),\(delay),\(retention.millisecondsRoundedUp),\(announces ? 1 : 0)"
        } else {
            options = ""
        }
    }
}
