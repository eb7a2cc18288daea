import ArgumentParser

/// Where the store is. Declared in the root and in each command, so that the options may stand on either side of the
/// command's name.
///
/// The type parameter tells the groups apart: argument-parser hands a command the root's values for a group of the
/// same type, and the command's own would be ignored.
struct StoreOptions<Place>: ParsableArguments {
    @Option(help: "The address of Redis: redis://USER@HOST:PORT/DB or unix:///PATH. Default: BELLOWS_REDIS_URL.")
    var redis: String?

    @Option(help: "What every key in Redis begins with. (default: bellows)")
    var prefix: String?

    var address: StoreAddress { StoreAddress(url: redis, prefix: prefix) }
}
