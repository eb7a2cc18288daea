#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What process 1 of a container has to do: whatever loses its parent becomes its child, and stays a zombie until it is
/// waited for.
///
/// The program that runs commands cannot do that itself: a wait for any child would take the ends of commands away from
/// those who wait for them. So process 1 starts the program once more, hands signals on to it, waits for every child,
/// and ends as the program ends.
enum FirstProcess {
    #if os(Linux)
        /// Stands in as process 1, and does not return, if this is process 1. It must be the only thread.
        static func standIn() {
            guard getpid() == 1 else { return }
            var all = sigset_t()
            var old = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, &old)
            signal(SIGCHLD, SIG_DFL)
            guard let child = start(mask: &old) else {
                // Without /proc, and without a path. Zombies are better than no worker.
                pthread_sigmask(SIG_SETMASK, &old, nil)
                return
            }
            while true {
                var information = siginfo_t()
                let number = sigwaitinfo(&all, &information)
                if number == SIGCHLD {
                    reap(until: child)
                } else if isHandedOn(number) {
                    kill(child, number)
                }
            }
        }

        /// Starts the program once more, in a process group of its own: a terminal sends its signals to ours, and we
        /// hand them on, so that none comes twice.
        private static func start(mask: inout sigset_t) -> pid_t? {
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
            posix_spawnattr_setpgroup(&attributes, 0)
            posix_spawnattr_setsigmask(&attributes, &mask)
            var child: pid_t = 0
            for path in ["/proc/self/exe", CommandLine.arguments.first ?? ""] {
                if posix_spawnp(&child, path, nil, &attributes, CommandLine.unsafeArgv, environ) == 0 { return child }
            }
            return nil
        }

        /// Waits for every child that has ended; ends as the program, if it is among them.
        private static func reap(until child: pid_t) {
            while true {
                var status: Int32 = 0
                let ended = waitpid(-1, &status, WNOHANG)
                guard ended > 0 else { return }
                if ended == child { exit(exitCode(status)) }
            }
        }

        private static func isHandedOn(_ number: Int32) -> Bool {
            // Errors of the wait, and what a terminal says to those who read and write while others are in front.
            number > 0 && ![SIGTTIN, SIGTTOU, SIGTSTP].contains(number)
        }
    #else
        static func standIn() {}
    #endif

    /// The exit code for how a process ended, as shells have it.
    static func exitCode(_ status: Int32) -> Int32 {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
