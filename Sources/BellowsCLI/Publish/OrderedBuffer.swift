/// Brings values that come in any order back into the order of their numbers.
struct OrderedBuffer<Value> {
    private var waiting: [Int: Value?] = [:]
    /// The number whose turn it is.
    private(set) var next = 0

    /// Adds a value; nil for a number that has none.
    ///
    /// - Returns: the values whose turn it is now.
    mutating func insert(_ value: Value?, at number: Int) -> [Value] {
        waiting[number] = .some(value)
        var ready: [Value] = []
        while let value = waiting.removeValue(forKey: next) {
            if let value { ready.append(value) }
            next += 1
        }
        return ready
    }
}
