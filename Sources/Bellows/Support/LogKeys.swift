/// The metadata keys of every log line; messages themselves are constant.
package enum LogKeys {
    /// The definition's name.
    package static let task = "task"
    /// The task's id.
    package static let id = "task-id"
    /// The attempt; the first is 1.
    package static let attempt = "attempt"
    /// The text of an error.
    package static let error = "error"
    /// How many things the line is about.
    package static let count = "count"
    /// Which of a process's connections it is about.
    package static let connection = "connection"
    /// How many lines like this one were held back.
    package static let suppressed = "suppressed"
    /// The path of a file.
    package static let file = "file"
    /// How long something took or lasts.
    package static let duration = "duration"
}
