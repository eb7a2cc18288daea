import Bellows

/// A number in, nothing out. Its name belongs to one run of one check.
enum UnitDefinition: TaskDefinition {
    static var name: String { "conformance.\(ConformanceScope.current).unit" }
    typealias Trigger = PublishTrigger<Int>
}
