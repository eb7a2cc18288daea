import Foundation

/// The shell that starts one redis-server and kills it when this process ends, however that happens.
final class ServerGuardian: Sendable {
    private let shell: Process
    private let input: FileHandle
    private let output: FileHandle
    /// The process id of the server. The shell does not reap it, so no other process gets this number meanwhile.
    let server: Int32

    init(command: [String], directory: String, environment: [String: String] = [:]) throws {
        // For the server only: whatever preloads a library into the shell changes the shell too.
        let settings = environment.map { "'\($0.key)=\($0.value)'" }.joined(separator: " ")
        // Signals that end a whole group of processes, as Ctrl-C does, are not for the shell: it has to outlive its owner.
        let script = """
            trap '' HUP INT TERM
            env \(settings) "$@" >/dev/null 2>&1 </dev/null &
            echo $!
            how=
            read how
            kill -9 $!
            if [ "$how" != keep ]; then rm -rf '\(directory)'; fi
            """
        let (shell, input, output) = try Program.start {
            let (shell, standardInput, standardOutput) = (Process(), Pipe(), Pipe())
            shell.executableURL = URL(fileURLWithPath: "/bin/sh")
            shell.arguments = ["-c", script, "redis-fixture"] + command
            shell.standardInput = standardInput
            shell.standardOutput = standardOutput
            try shell.run()
            return (shell, standardInput.fileHandleForWriting, standardOutput.fileHandleForReading)
        }
        (self.shell, self.input, self.output) = (shell, input, output)
        guard let line = try Self.readLine(output), let server = Int32(line) else {
            throw FixtureError("the shell that starts redis-server has ended")
        }
        self.server = server
    }

    /// Whether the server runs. One that has ended by itself stays as a zombie, which signals reach too.
    var isServerRunning: Bool {
        #if os(Linux)
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(server)/stat") else { return false }
            // The state stands behind the name, which may hold anything.
            return String(decoding: bytes, as: UTF8.self).split(separator: ") ").last?.first != "Z"
        #else
            return kill(server, 0) == 0
        #endif
    }

    /// Kills the server, and returns when the shell has ended.
    func end(keepingDirectory: Bool) {
        do {
            if keepingDirectory { try input.write(contentsOf: Data("keep\n".utf8)) }
            try input.close()
            _ = try output.readToEnd()
        } catch {
            // The shell is gone already, and has killed the server before it went.
            shell.terminate()
        }
    }

    private static func readLine(_ handle: FileHandle) throws -> String? {
        var line: [UInt8] = []
        while let byte = try handle.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}
