import Bellows

/// A singleton. Its name belongs to one run of one check.
enum TickDefinition: TaskDefinition {
    static var name: String { "conformance.\(ConformanceScope.current).tick" }
    typealias Trigger = SingletonTrigger
}
