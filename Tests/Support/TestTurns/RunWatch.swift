import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Ends this process when nobody waits for its tests any more: its parent is gone, or the process that the environment
/// variable `BELLOWS_TEST_OWNER` names. Servers and commands that tests have started end with it.
enum RunWatch {
    private static let interval = 0.2
    private static let watch: Void = start()

    /// Begins to watch; once is enough.
    static func begin() { watch }

    /// Ends this process at once.
    static func end(_ reason: String) -> Never {
        FileHandle.standardError.write(Data("the tests end here: \(reason)\n".utf8))
        _exit(1)
    }

    private static func start() {
        let parent = getppid()
        let owner = ProcessInfo.processInfo.environment["BELLOWS_TEST_OWNER"].flatMap { pid_t($0) }
        Thread.detachNewThread {
            while true {
                guard getppid() == parent else { end("process \(parent), which had started them, is gone") }
                if let owner, kill(owner, 0) != 0, errno == ESRCH {
                    end("process \(owner), for which they were run, is gone")
                }
                Thread.sleep(forTimeInterval: interval)
            }
        }
    }
}
