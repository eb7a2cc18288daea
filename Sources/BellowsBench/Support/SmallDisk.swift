import Foundation

/// A file system of three megabytes, which can grow; needs root. It lasts as long as the value.
final class SmallDisk {
    private var isThere = true
    let path = NSTemporaryDirectory() + "bellows-disk-\(getpid())"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try CommandOutput.of(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path])
    }

    deinit { remove() }

    /// Makes space.
    func grow() throws {
        _ = try CommandOutput.of(["mount", "-o", "remount,size=64m", path])
    }

    /// Takes it away, lazily: whatever still looks at the directory must not keep it.
    func remove() {
        guard isThere else { return }
        isThere = false
        for command in [["umount", "--lazy", path], ["rmdir", path]] { _ = try? CommandOutput.of(command) }
    }
}
