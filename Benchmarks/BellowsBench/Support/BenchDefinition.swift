import Bellows

/// What the throughput benchmarks publish: 100 bytes, taken as they are.
enum BenchDefinition: TaskDefinition {
    static let name = "bench.raw"
    static let codec = RawPayloadCodec()
    typealias Trigger = PublishTrigger<[UInt8]>

    static let payload = [UInt8](repeating: 120, count: 100)
}
