/// A piece of Lua that several scripts share; the raw value is the name of its file in lua/.
enum ScriptPart: String, CaseIterable, Sendable {
    /// Names that all scripts use.
    case prelude
    /// The server's time.
    case clock
    /// Recognizes repeated calls.
    case answers
    /// Stores results.
    case results
    /// Makes dead requests.
    case bury
    /// Wakes one process.
    case wake
    /// Says who looks when something becomes due.
    case keepers
    /// Keeps answers, wakes workers, announces results.
    case epilogue

    /// Its text.
    var text: String {
        let bytes =
            switch self {
            case .prelude: PackageResources.prelude_lua
            case .clock: PackageResources.clock_lua
            case .answers: PackageResources.answers_lua
            case .results: PackageResources.results_lua
            case .bury: PackageResources.bury_lua
            case .wake: PackageResources.wake_lua
            case .keepers: PackageResources.keepers_lua
            case .epilogue: PackageResources.epilogue_lua
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}
