/// How reports on tasks are written to standard output.
enum ReportFormat: Sendable {
    /// The result and a newline, unless it ends with one.
    case lines
    /// The result as it is, and a zero byte.
    case zeroTerminated
    /// A JSON object, and a newline.
    case json
}
