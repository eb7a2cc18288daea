import RedisFixture

/// The port of the server that tests share.
enum RedisServerPort {
    static func shared() throws -> UInt16 {
        try RedisServer.shared.get().port
    }
}
