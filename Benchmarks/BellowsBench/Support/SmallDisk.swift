import Foundation
import RedisFixture

/// A file system of three megabytes, which can grow; needs root. It lasts as long as the value.
final class SmallDisk {
    private var isThere = true
    let path = NSTemporaryDirectory() + "bellows-disk-\(getpid())"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path)
    }

    deinit { remove() }

    /// Makes space.
    func grow() throws {
        try Self.run("mount", "-o", "remount,size=64m", path)
    }

    /// Takes it away, lazily: whatever still looks at the directory must not keep it.
    func remove() {
        guard isThere else { return }
        isThere = false
        do {
            try Self.run("umount", "--lazy", path)
            try Self.run("rmdir", path)
        } catch {
            FileHandle.standardError.write(Data("\(path) is left behind: \(error)\n".utf8))
        }
    }

    private static func run(_ command: String...) throws {
        let (status, output) = try Program.run(command)
        guard status == 0 else { throw FixtureError("\(command.joined(separator: " ")): \(output)") }
    }
}
