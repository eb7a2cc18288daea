import BellowsRedis
import BellowsTesting

extension RedisConfiguration {
    /// Settings for tests that are not about time: other programs may keep the machine busy.
    static func patient(_ url: String) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        configuration.connectTimeout = MachineLoad.stretched(.seconds(60))
        configuration.commandTimeout = MachineLoad.stretched(.seconds(60))
        return configuration
    }
}
