/// The way of messages from the servers to us.
protocol SignalTransport: Sendable {
    /// Begins to connect.
    func start()
    /// Wants more channels, now and on each later connection.
    func subscribe(_ channels: [String])
    /// Wants some channels no more.
    func unsubscribe(_ channels: [String])
    /// Drops the present connections, if there are any, and makes others.
    func reset(_ reason: String)
    /// Connects again at once, because servers have changed.
    func reconnectNow(_ reason: String)
    /// Ends it for good.
    func close()
}

extension SubscriptionConnection: SignalTransport {}
