/// A stored record cannot be read.
package struct MalformedRecordError: Error, Hashable, CustomStringConvertible {
    /// Why not, in one line.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
