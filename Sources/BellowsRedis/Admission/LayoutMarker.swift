import Bellows

/// The check that the data under our prefix is of our layout.
enum LayoutMarker {
    /// The steps that set the marker where there is none, and check it.
    static func handshake(_ keys: RedisKeySpace) -> [HandshakeStep] {
        [
            HandshakeStep(command: RedisCommand("SET", keys.marker(of: nil), RedisKeySpace.layoutVersion, "NX")) {
                reply in
                // A full store, or a user who may only read, must not keep us from working: the next step still finds a
                // marker of another layout.
                guard case .error(let error) = reply, error.category != .storeFull, !error.deniesCommand
                else { return nil }
                return error.backendError
            },
            HandshakeStep(command: RedisCommand("GET", keys.marker(of: nil))) { reply in
                switch reply {
                case .null: nil
                case .bytes(let value) where value.elementsEqual(RedisKeySpace.layoutVersion.utf8): nil
                case .error(let error): error.backendError
                default: mismatch(keys)
                }
            },
        ]
    }

    /// The error for data of another layout.
    static func mismatch(_ keys: RedisKeySpace, of name: TaskName? = nil) -> BellowsError {
        BellowsError(
            .layoutMismatch,
            "the key \(keys.marker(of: name)) names another layout than \(RedisKeySpace.layoutVersion): "
                + "use the version of this library that wrote it, or another prefix"
        )
    }
}
