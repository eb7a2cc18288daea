#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The environment variables, byte for byte: values need not be valid UTF-8, and commands get them unchanged.
struct ProcessEnvironment: Sendable {
    /// `NAME=VALUE`, without a NUL at the end.
    let entries: [[UInt8]]

    init(entries: [[UInt8]]) {
        self.entries = entries
    }

    /// The environment that this process started with.
    static let current = ProcessEnvironment(entries: read())

    /// The value of a variable; nil if it is not set, or empty.
    subscript(name: String) -> String? {
        let start = Array("\(name)=".utf8)
        guard let entry = entries.first(where: { $0.starts(with: start) }), entry.count > start.count else {
            return nil
        }
        return String(decoding: entry.dropFirst(start.count), as: UTF8.self)
    }

    /// Whether a variable is set to nothing, as by a script that expands one that is not set.
    func isEmpty(_ name: String) -> Bool { entries.contains(Array("\(name)=".utf8)) }

    /// A copy without some variables and with others.
    func replacing(_ values: [(name: String, value: String)], removing names: [String] = []) -> ProcessEnvironment {
        let starts = (names + values.map(\.name)).map { Array("\($0)=".utf8) }
        let kept = entries.filter { entry in !starts.contains { entry.starts(with: $0) } }
        return ProcessEnvironment(entries: kept + values.map { Array("\($0.name)=\($0.value)".utf8) })
    }

    private static func read() -> [[UInt8]] {
        var entries: [[UInt8]] = []
        #if canImport(Darwin)
            let list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = _NSGetEnviron().pointee
        #else
            let list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
        #endif
        var next = list
        while let entry = next?.pointee {
            entries.append(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
            next = next?.advanced(by: 1)
        }
        return entries
    }
}
