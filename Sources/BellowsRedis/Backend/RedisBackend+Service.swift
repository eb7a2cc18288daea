#if ServiceLifecycle
    public import ServiceLifecycle

    extension RedisBackend: Service {
        /// Keeps the connections open until the service group shuts down, then closes them.
        ///
        /// Put it before the dispatchers: a group shuts down in reverse order, so they drain first.
        public func run() async throws {
            // Cancellation is a shutdown too.
            try? await gracefulShutdown()
            close()
        }
    }
#endif
