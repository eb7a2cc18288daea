import Bellows

/// One task on its way to publish.lua.
struct PublishItem: Sendable {
    let id: TaskID
    let isCallersID: Bool
    /// Empty, or `CALLER,DELAY,TTL,` and for whom the result is announced: 0 for nobody, 1 for the caller.
    private let options: String
    private let announces: Bool
    let record: [UInt8]

    /// Turns a checked request into what the script takes.
    init(_ request: PublishRequest, delay: Int64) {
        id = request.makeID()
        isCallersID = request.options.id != nil
        record = RecordCoder.encode(request.record)
        announces = request.options.announcesResult
        var retention = request.options.resultRetention ?? .zero
        if retention <= .zero, announces { retention = PublishOptions.defaultRetention }
        if isCallersID || delay > 0 || retention > .zero {
            options = "\(isCallersID ? 1 : 0),\(delay),\(retention.millisecondsRoundedUp),\(announces ? 1 : 0)"
        } else {
            options = ""
        }
    }

    /// The options, for a call in the name of another process than the one that listens.
    ///
    /// - Parameter listener: who listens; nil if that is the caller.
    func options(listener: ClientID?) -> String {
        guard announces, let listener else { return options }
        return options.dropLast() + listener.text
    }
}
