import Bellows
import TestTurns
import Testing

@Suite(.turn) struct TaskPartitionsTests {
    @Test("Where a task belongs never changes: other programs have to agree on it")
    func isStable() throws {
        let partitions = try TaskPartitions(TaskName("a.b"), count: 7)
        let places = try ["1", "2", "3", "order-17", "x"].map { partitions.partition(for: try TaskID($0)).rawValue }
        #expect(places == ["a.b#1", "a.b#3", "a.b", "a.b#1", "a.b#3"])
        #expect(partitions.names.map(\.rawValue) == ["a.b"] + (1..<7).map { "a.b#\($0)" })
    }

    @Test("Made ids are spread evenly")
    func spreads() throws {
        let partitions = try TaskPartitions(TaskName("a"), count: 8)
        var counts: [TaskName: Int] = [:]
        for _ in 0..<8000 { counts[partitions.partition(for: TaskID()), default: 0] += 1 }
        #expect(counts.count == 8)
        #expect(counts.values.allSatisfy { (800...1200).contains($0) })
    }

    @Test("One part is the whole definition")
    func undivided() throws {
        let partitions = try TaskPartitions(TaskName(String(repeating: "x", count: 200)), count: 1)
        #expect(partitions.names == [partitions.name])
        #expect(partitions.partition(for: TaskID()) == partitions.name)
    }

    @Test("Counts and names that cannot be are refused")
    func refuses() throws {
        let name = try TaskName("a")
        for count in [0, -1, 257, Int.min, .max] {
            #expect(throws: BellowsError.partitions(count)) { try TaskPartitions(name, count: count) }
        }
        // A part has no parts, and the number needs room.
        #expect(throws: BellowsError.self) { try TaskPartitions(TaskName("a#1"), count: 2) }
        #expect(throws: BellowsError.self) {
            try TaskPartitions(TaskName(String(repeating: "x", count: 199)), count: 2)
        }
    }

    private enum Tick: TaskDefinition {
        static let name = "tick"
        typealias Trigger = SingletonTrigger
        static let options = TaskOptions(partitions: 4)
    }

    @Test("A singleton with parts is refused")
    func singletons() async throws {
        let dispatcher = WorkerDispatcher(InMemoryBackend(), handlers: .on(Tick.self) { _ in })
        let error = await #expect(throws: BellowsError.self) { try await dispatcher.run() }
        #expect(error?.code == .invalidInput)
    }

    @Test("A part that is handled twice is refused")
    func duplicates() async throws {
        let handlers = [
            TaskHandler(name: try TaskName("jobs"), options: TaskOptions(partitions: 2)) { _, _ in [] },
            TaskHandler(name: try TaskName("jobs#1")) { _, _ in [] },
        ]
        let dispatcher = WorkerDispatcher(InMemoryBackend(), handlers: handlers)
        await #expect(throws: BellowsError.duplicateHandler("jobs#1")) { try await dispatcher.run() }
    }

    @Test("Running one task of a divided definition runs one")
    func runsOne() async throws {
        let backend = InMemoryBackend()
        let partitions = try TaskPartitions(TaskName("jobs"), count: 8)
        _ = try await backend.publish((0..<50).map { PublishRequest(payload: [$0]) }, to: partitions)
        let handler = TaskHandler(name: partitions.name, options: TaskOptions(partitions: 8)) { _, _ in
            throw TaskFailure.retry(.after(.seconds(60)))
        }
        #expect(try await backend.runTaskOnce(handler) == .retry(after: .seconds(60)))
        var delayed = 0
        for name in partitions.names { delayed += try await backend.statistics(of: name).delayed }
        #expect(delayed == 1)
    }

    @Test("The name of a part is a name", arguments: ["a#1", "a.b-c:d/e#255"])
    func partNames(text: String) throws {
        #expect(try TaskName(text).rawValue == text)
    }

    @Test(
        "What looks like a part and is none is no name",
        arguments: [
            "a#", "#1", "a#0", "a#01", "a#256", "a#-1", "a#+1", "a#1#2", "a#x", "a# 1", "a#1 ",
            "a#99999999999999999999",
        ]
    )
    func wrongPartNames(text: String) {
        #expect(throws: BellowsError.self) { try TaskName(text) }
    }
}
