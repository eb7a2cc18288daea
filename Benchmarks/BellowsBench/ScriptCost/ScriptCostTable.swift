/// How many instructions of the server each workload takes for one task, and why the number is what it is. Pure.
struct ScriptCostTable: Equatable {
    /// One workload.
    struct Row: Equatable {
        let workload: String
        let instructions: Int
        /// Why the number changed last.
        var reason: String
    }

    /// What has come of a comparison.
    struct Verdict: Equatable {
        /// What is worth reading, one line for each workload.
        var lines: [String] = []
        /// Whether nothing costs more than it may.
        var isFine = true
    }

    /// How many per cent more than the table says are an error.
    static let tolerance = 2
    /// How many per cent two runs differ by themselves.
    static let noise = 1.0
    private static let title = "# Instructions of redis-server for one task, counted by `make cost` on Redis "

    /// The server that the numbers are of.
    let release: String
    let rows: [Row]

    init(release: String, rows: [Row]) {
        (self.release, self.rows) = (release, rows)
    }

    /// Reads a table.
    ///
    /// - Throws: ``Malformed`` with the line that cannot be read.
    init(_ text: String) throws(Malformed) {
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first.hasPrefix(Self.title) else {
            throw Malformed(line: String(lines.first ?? ""))
        }
        release = String(first.dropFirst(Self.title.count))
        var rows: [Row] = []
        for line in lines.dropFirst() where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 3, let instructions = Int(fields[1]), instructions > 0 else {
                throw Malformed(line: String(line))
            }
            rows.append(Row(workload: String(fields[0]), instructions: instructions, reason: String(fields[2])))
        }
        self.rows = rows
    }

    /// The table as it is committed.
    var text: String {
        let lines = rows.map { "\($0.workload)\t\($0.instructions)\t\($0.reason)" }
        return ([Self.title + release, "# workload, instructions, why the number changed last"] + lines)
            .joined(separator: "\n") + "\n"
    }

    /// Compares what was measured with this table.
    func judge(_ measured: ScriptCostTable) -> Verdict {
        guard measured.release == release else {
            let text = "the table is of Redis \(release), and this is Redis \(measured.release): numbers differ"
            return Verdict(lines: [text], isFine: false)
        }
        var verdict = Verdict()
        for row in measured.rows {
            guard let known = rows.first(where: { $0.workload == row.workload }) else {
                verdict.lines.append("\(row.workload): not in the table yet; add it with --accept REASON")
                verdict.isFine = false
                continue
            }
            let percent = Self.percent(from: known.instructions, to: row.instructions)
            verdict.lines.append("\(row.workload): \(Self.text(percent)) against \(known.instructions)")
            guard row.instructions * 100 > known.instructions * (100 + Self.tolerance) else { continue }
            verdict.lines.append(
                "\(row.workload) costs more than +\(Self.tolerance) %: make it cheaper, or change the table in "
                    + "the same commit with make cost REASON=…"
            )
            verdict.isFine = false
        }
        return verdict
    }

    /// What was measured with its reasons: a new one where a number has changed by more than two runs differ, and else
    /// the old number and its reason.
    func accepted(over known: ScriptCostTable?, because reason: String) -> ScriptCostTable {
        let rows = rows.map { row in
            let old = known?.release == release ? known?.rows.first { $0.workload == row.workload } : nil
            guard let old, abs(Self.percent(from: old.instructions, to: row.instructions)) <= Self.noise else {
                return Row(workload: row.workload, instructions: row.instructions, reason: reason)
            }
            return old
        }
        return ScriptCostTable(release: release, rows: rows)
    }

    private static func percent(from old: Int, to new: Int) -> Double {
        (Double(new) / Double(old) - 1) * 100
    }

    private static func text(_ percent: Double) -> String {
        let tenths = Int((abs(percent) * 10).rounded())
        return "\(percent < 0 && tenths > 0 ? "-" : "+")\(tenths / 10).\(tenths % 10) %"
    }

    /// A line that is not a row.
    struct Malformed: Error, CustomStringConvertible {
        let line: String
        var description: String { "not a line of the table of costs: \(line)" }
    }
}
