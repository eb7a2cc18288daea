/// What the quick start's workers do. Stands in for real work.

/// Pretends to render a thumbnail.
///
/// - Parameter path: the picture.
/// - Returns: the size of the thumbnail in bytes.
func render(_ path: String) async throws -> Int {
    print("rendering \(path)")
    return path.utf8.count * 100
}

/// Pretends to remove old files.
func removeOldFiles() async throws {
    print("cleaning up")
}
