import Foundation

/// One JSON object on standard output, with what was measured and whether it meets its goal.
struct Report: Encodable {
    var experiment: String
    var figures: [String: Double] = [:]
    var goals: [String: Bool] = [:]

    /// Prints the object.
    func print() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}
