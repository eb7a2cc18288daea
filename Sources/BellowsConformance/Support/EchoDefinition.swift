import Bellows

/// Text in, text out. Its name belongs to one run of one check.
enum EchoDefinition: TaskDefinition {
    static var name: String { "conformance.\(ConformanceScope.current).echo" }
    static let options = TaskOptions(
        retry: RetryPolicy(maximumAttempts: 3, backoff: Backoff(base: .milliseconds(1), maximum: .milliseconds(5)))
    )
    typealias Trigger = PublishTrigger<String>
    typealias Callback = String
}
