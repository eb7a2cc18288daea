#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What has to be right before anything else runs.
enum ProcessSetup {
    static func prepare() {
        // A reader that goes away must show as an error of the write, and a command that exits without reading its
        // input must not end this process. Commands get the default back (swift-subprocess resets all signals).
        signal(SIGPIPE, SIG_IGN)
        // With one of these closed, the next descriptor opened (a socket!) would take its number, and text meant for
        // people would go to Redis. Opened the wrong way round, so that using it is still an error.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
