/// Builds a worker for each claimed task. It is never called for a claim that failed.
public protocol WorkerFactory<Product>: Sendable {
    /// The workers it builds.
    associatedtype Product: Worker

    /// Builds a worker.
    ///
    /// - Parameter id: the claimed task.
    /// - Throws: any error; the attempt then counts as failed.
    func makeWorker(id: TaskID) async throws -> Product
}
