import Bellows
import BellowsTesting

/// Builds echoing workers and records for which tasks it was asked.
struct CountingFactory: WorkerFactory {
    let asked = EventProbe<TaskID>()
    let runs = EventProbe<RecordingWorker<EchoDefinition>.Run>()

    func makeWorker(id: TaskID) async throws -> RecordingWorker<EchoDefinition> {
        asked.record(id)
        return RecordingWorker(runs) { run in .done(run.input) }
    }
}
