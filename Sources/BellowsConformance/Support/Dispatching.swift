import Bellows

/// Runs a dispatcher around a body; drains it at the end, cancels it if the body throws.
func dispatching(
    _ handlers: TaskHandler...,
    on backend: any Backend,
    slots: Int = 16,
    lease: Duration = Workbench.longLease,
    _ body: (RunningDispatcher) async throws -> Void
) async throws {
    // The lease is long, because a manual clock may run ahead of handlers that are about to end.
    let configuration = DispatcherConfiguration(
        maximumConcurrentTasks: slots,
        lease: LeasePolicy(duration: lease)
    )
    let running = WorkerDispatcher(backend, handlers: handlers, configuration: configuration).launch()
    do {
        try await body(running)
    } catch {
        running.cancel()
        throw error
    }
    try await withTaskCancellationHandler {
        try await running.drain()
    } onCancel: {
        running.cancel()
    }
}
