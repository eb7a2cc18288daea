// Samples of the article Singletons.

import Bellows

enum Cleanup: TaskDefinition {
    static let name = "files.cleanup"
    typealias Trigger = SingletonTrigger
}

func removeOldFiles() async throws -> Int { 0 }

let handler = TaskHandler.on(Cleanup.self) { context in
    _ = try await removeOldFiles()
}

struct PacedCleanup: Worker {
    typealias Definition = Cleanup

    func process(_ input: Void, context: TaskContext) async throws -> TaskSuccess<Void> {
        let removed = try await removeOldFiles()
        return .scheduleNextRun((), .after(removed > 0 ? .seconds(60) : .seconds(3600)))
    }
}

let paced = TaskHandler.on { _ in PacedCleanup() }
print(handler, paced)
