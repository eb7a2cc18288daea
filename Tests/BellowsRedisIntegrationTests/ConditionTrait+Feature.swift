import RedisFixture
import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that not every server can be put to. The run says why one was left out.
    static func needs(_ feature: ServerFeature) -> Self {
        .enabled("\(feature.absence)") { try feature.isThere }
    }
}
