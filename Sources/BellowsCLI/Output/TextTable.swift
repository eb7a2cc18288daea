/// Rows for people: columns padded with spaces, but nothing behind the last one that is not empty.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) {
        rows = [header]
    }

    mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The lines of the table.
    var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.compactMap { column < $0.count ? $0[column].unicodeScalars.count : nil }.max() ?? 0
        }
        return rows.map { row in
            let row = Array(row[..<((row.lastIndex { !$0.isEmpty } ?? -1) + 1)])
            return row.enumerated().map { column, cell in
                let width = column + 1 == row.count ? 0 : widths[column]
                return cell + String(repeating: " ", count: max(0, width - cell.unicodeScalars.count))
            }.joined(separator: "  ")
        }
    }
}
