import Foundation
import RedisFixture
import Synchronization

/// Ends the commands that tests have started and that still run when this process ends, however that happens.
final class ProcessReaper: Sendable {
    /// The one of this process.
    static let shared = Result { try ProcessReaper() }

    private let input: Mutex<FileHandle>

    private init() throws {
        // A worker ends the commands that it runs when it gets a second signal.
        let script = """
            trap '' HUP INT TERM
            pids=' '
            while read -r change pid; do
                if [ "$change" = + ]; then
                    pids="$pids$pid "
                else
                    pids="${pids%% $pid *} ${pids#* $pid }"
                fi
            done
            for signal in TERM INT; do kill -s $signal $pids; done
            [ "$pids" = ' ' ] || sleep 2
            kill -s KILL $pids
            """
        input = Mutex(
            try Program.start {
                let (shell, input) = (Process(), Pipe())
                shell.executableURL = URL(fileURLWithPath: "/bin/sh")
                shell.arguments = ["-c", script, "command-fixture"]
                shell.standardInput = input
                shell.standardOutput = FileHandle.nullDevice
                shell.standardError = FileHandle.nullDevice
                try shell.run()
                return input.fileHandleForWriting
            }
        )
    }

    /// Starts a process, and notes it before anybody can hear of its end.
    func run(_ process: Process) throws {
        try input.withLock { input in
            try process.run()
            try input.write(contentsOf: Data("+ \(process.processIdentifier)\n".utf8))
        }
    }

    /// Forgets a process that has ended.
    func remove(_ pid: Int32) throws {
        try input.withLock { try $0.write(contentsOf: Data("- \(pid)\n".utf8)) }
    }
}
