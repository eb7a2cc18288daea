import Bellows

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a command ended, and what that means for its task.
struct CommandExit: Sendable {
    /// How its process ended.
    enum Status: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    /// Exit codes with a meaning, from sysexits.h.
    static let temporaryFailure: Int32 = 75
    static let dataError: Int32 = 65

    let status: Status
    /// All of standard output; nil if it was more than a result may have.
    let output: [UInt8]?
    /// The end of standard error.
    let errors: [UInt8]

    /// The result, if the command made one.
    ///
    /// - Parameters:
    ///   - attempt: which attempt this was; the wait after exit code 75 grows with it.
    ///   - limits: how large a result and an error may be.
    /// - Throws: `TaskFailure` or ``CommandError``, which say what becomes of the task.
    func result(attempt: Int, limits: TaskLimits) throws -> [UInt8] {
        guard let output else {
            throw TaskFailure.dead(reason: "the result is over the limit of \(limits.result) bytes")
        }
        switch status {
        case .exited(0): return output
        case .exited(Self.temporaryFailure): throw TaskFailure.retry(.after(Backoff().bound(attempt: attempt)))
        case .exited(Self.dataError): throw TaskFailure.dead(reason: errorText(limit: limits.errorText))
        default: throw CommandError(description: errorText(limit: limits.errorText))
        }
    }

    /// How the command ended and the end of what it said, as one line of at most `limit` bytes. What is too long
    /// loses its beginning: the reason stands at the end.
    func errorText(limit: Int) -> String {
        var ending = ""
        switch status {
        case .exited(let code): ending = "exit code \(code)"
        case .signaled(let number): ending = "killed by signal \(number) (\(String(cString: strsignal(number))))"
        }
        let said = ErrorText.sanitize(Self.trimmed(String(decoding: errors, as: UTF8.self)))
        guard !said.isEmpty else { return ending }
        var tail = said[...]
        while tail.utf8.count + ending.utf8.count + 2 > limit, !tail.isEmpty { tail.removeFirst() }
        return "\(ending): \(tail)"
    }

    private static func trimmed(_ text: String) -> String {
        let isContent: (Character) -> Bool = { !$0.isWhitespace }
        guard let first = text.firstIndex(where: isContent), let last = text.lastIndex(where: isContent) else {
            return ""
        }
        return String(text[first...last])
    }
}

/// A failed attempt, which the retry policy decides about.
struct CommandError: Error, CustomStringConvertible {
    let description: String
}
