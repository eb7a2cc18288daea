import Foundation

/// The table of all benchmarks, and its place in a document.
enum BenchTable {
    /// One measured row.
    struct Row: Decodable {
        let experiment: String
        let figures: [String: Double]
        let goals: [String: Bool]
    }

    /// The lines of a table for one report: its figures, then its goals. None is longer than the lines of a document.
    static func lines(_ command: String, _ row: Row) -> [String] {
        let figures = row.figures.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }
        let goals = row.goals.sorted { $0.key < $1.key }
            .map { "goal \($0.key): \($0.value ? "met" : "**missed**")" }
        let parts = wrapped(figures) + goals
        return parts.enumerated().map { index, part in "| \(index == 0 ? "`\(command)`" : "") | \(part) |" }
    }

    /// The table with its heading.
    static func table(_ lines: [String], about machine: String) -> String {
        (["", machine, "", "| Command | Figures, then goals |", "|---|---|"] + lines + [""]).joined(separator: "\n")
    }

    /// The text of a document with everything between its two marks replaced.
    static func replace(in document: String, with table: String) -> String? {
        let (begin, end) = ("<!-- bench begins -->", "<!-- bench ends -->")
        guard let from = document.range(of: begin), let to = document.range(of: end), from.upperBound <= to.lowerBound
        else { return nil }
        return document[..<from.upperBound] + "\n" + table + "\n" + document[to.lowerBound...]
    }

    /// As many figures in a line as fit.
    private static func wrapped(_ figures: [String]) -> [String] {
        var lines: [String] = []
        for figure in figures {
            if let last = lines.last, last.count + figure.count < widthOfFigures {
                lines[lines.count - 1] = "\(last), \(figure)"
            } else {
                lines.append(figure)
            }
        }
        return lines
    }

    private static let widthOfFigures = 85

    private static func text(_ value: Double) -> String {
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 3
        let text = String(format: "%.\(digits)f", value)
        return text.contains(".") ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text
    }
}
