// Samples of the article Connecting to Redis.

import Bellows
import BellowsRedis

func connectAtOnce() async throws -> RedisBackend {
    try await RedisBackend.connect("redis://worker:secret@redis.internal:6379/0")
}

func connectInTheBackground(password: String) throws -> RedisBackend {
    var configuration = try RedisConfiguration(url: "rediss://worker@redis.internal:6380")
    configuration.password = password
    configuration.tls?.caFile = "/etc/ssl/redis-ca.pem"
    return try RedisBackend(configuration: configuration)
}

func report(on configuration: RedisConfiguration) async throws {
    let diagnosis = try await RedisBackend.diagnose(configuration)
    for finding in diagnosis.findings { print(finding.severity, finding.text) }
}

let backend = try await connectAtOnce()
backend.close()
