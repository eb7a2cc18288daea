import Foundation

/// A file to which several processes append lines: what workers that are about to be killed leave behind.
struct EventFile: Sendable {
    let path: String

    init(path: String) throws {
        self.path = path
        guard
            FileManager.default.fileExists(atPath: path) || FileManager.default.createFile(atPath: path, contents: nil)
        else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Appends one line; short lines of several writers do not mix.
    func append(_ line: String) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
    }

    /// The lines so far, split at spaces.
    func lines() throws -> [[String]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
    }
}

/// A clock in seconds that all processes of this machine share, and that nobody sets.
func sharedClock() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
