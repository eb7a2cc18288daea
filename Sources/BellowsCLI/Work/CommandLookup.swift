#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds the file of a command the way a shell does, before the first task is claimed.
struct CommandLookup {
    let environment: ProcessEnvironment

    /// The path of a command's file.
    ///
    /// - Parameter command: a path if it holds a slash; otherwise a name that is looked up in PATH.
    /// - Throws: ``CommandFailure`` if there is no such file, or it cannot be run.
    func path(of command: [UInt8]) throws(CommandFailure) -> [UInt8] {
        let name = RawArguments.string(from: command)
        guard !command.isEmpty else { throw CommandFailure(.usage, "the command is empty") }
        guard String(validating: command, as: UTF8.self) != nil else {
            // swift-subprocess would look for another file. Arguments may hold any bytes.
            throw CommandFailure(.usage, "the path of the command is not valid UTF-8")
        }
        if command.contains(UInt8(ascii: "/")) {
            guard exists(command) else { throw CommandFailure(.usage, "command not found: \(name)") }
            guard isExecutable(command) else { throw CommandFailure(.usage, "command is not executable: \(name)") }
            return command
        }
        let start = Array("PATH=".utf8)
        let path = environment.entries.first { $0.starts(with: start) }?.dropFirst(start.count)
        let folders = path ?? ArraySlice("/usr/local/bin:/usr/bin:/bin".utf8)
        var found: [UInt8]?
        for folder in folders.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            // An empty entry is the current folder, as ever.
            let candidate = (folder.isEmpty ? [UInt8(ascii: ".")] : Array(folder)) + [UInt8(ascii: "/")] + command
            if isExecutable(candidate) { return candidate }
            if found == nil, exists(candidate) { found = candidate }
        }
        if let found {
            throw CommandFailure(.usage, "command is not executable: \(RawArguments.string(from: found))")
        }
        throw CommandFailure(.usage, "command not found: \(name)")
    }

    private func exists(_ path: [UInt8]) -> Bool {
        var status = stat()
        return stat(cString(path), &status) == 0
    }

    private func isExecutable(_ path: [UInt8]) -> Bool {
        var status = stat()
        guard stat(cString(path), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return access(cString(path), X_OK) == 0
    }

    private func cString(_ path: [UInt8]) -> [CChar] {
        path.map { CChar(bitPattern: $0) } + [0]
    }
}
