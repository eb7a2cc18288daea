/// Text that tells one run of one check from all others, so that runs can share a store.
enum ConformanceScope {
    /// The run that the current task belongs to. Typed definitions take their names from it.
    @TaskLocal static var current = "none"
    /// The name that the definition under test claims to have.
    @TaskLocal static var hostileName = ""

    /// Makes the text for one run.
    static func make() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
