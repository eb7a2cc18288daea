import Bellows
import Testing

@testable import BellowsRedis

@Suite("Redis URL")
struct RedisURLTests {
    @Test("every part is read, and defaults stand in for missing ones")
    func parts() throws {
        let full = try RedisConfiguration(url: "redis://us%65r:p%40ss%3A%2F@example.org:7000/3")
        #expect(full.address == .tcp(host: "example.org", port: 7000))
        #expect(full.username == "user")
        #expect(full.password == "p@ss:/")
        #expect(full.database == 3)
        let short = try RedisConfiguration(url: "redis://localhost")
        #expect(short.address == .tcp(host: "localhost", port: 6379))
        #expect(short.username == nil && short.password == nil && short.database == 0)
        #expect(short.prefix == "bellows")
    }

    @Test(
        "the forms of hosts and credentials",
        arguments: [
            ("redis://[::1]", RedisConfiguration.Address.tcp(host: "::1", port: 6379), nil, nil, 0),
            ("redis://[::1]:1/", .tcp(host: "::1", port: 1), nil, nil, 0),
            ("REDIS://h:65535/15", .tcp(host: "h", port: 65535), nil, nil, 15),
            ("redis://:secret@h", .tcp(host: "h", port: 6379), nil, "secret", 0),
            ("redis://user@h", .tcp(host: "h", port: 6379), "user", nil, 0),
            ("redis://a:b@c@h", .tcp(host: "h", port: 6379), "a", "b@c", 0),
            ("redis://a:b:c@h", .tcp(host: "h", port: 6379), "a", "b:c", 0),
            (
                "redis-sentinel://u:p@a,b:1/main/2",
                .sentinel([.init(host: "a", port: 26379), .init(host: "b", port: 1)], service: "main"), "u", "p", 2
            ),
            ("redis-cluster://a", .cluster([.init(host: "a", port: 6379)]), nil, nil, 0),
            (
                "redis-cluster://u:p@a,[::1]:7/",
                .cluster([.init(host: "a", port: 6379), .init(host: "::1", port: 7)]), "u", "p", 0
            ),
            ("unix:///run/redis.sock", .unix(path: "/run/redis.sock"), nil, nil, 0),
            ("unix://u:p%23@/run/a%20b?db=2", .unix(path: "/run/a b"), "u", "p#", 2),
            ("unix:///s?db=1&user=me", .unix(path: "/s"), "me", nil, 1),
        ] as [(String, RedisConfiguration.Address, String?, String?, Int)]
    )
    func forms(
        _ url: String,
        _ address: RedisConfiguration.Address,
        _ username: String?,
        _ password: String?,
        _ database: Int
    ) throws {
        let read = try RedisURL(url)
        #expect(read.address == address)
        #expect(read.username == username)
        #expect(read.password == password)
        #expect(read.database == database)
    }

    @Test(
        "whatever is malformed or unsupported is refused, and nothing secret is repeated",
        arguments: [
            "", "redis", "redis:", "redis:/", "redis://", "redis:///0", "redis://:hunter2@", "http://hunter2@h",
            "rediss://u:hunter2@", "redis-sentinel://u:hunter2@h", "redis-sentinel://u:hunter2@h/",
            "redis-sentinel://u:hunter2@h,/s", "rediss-sentinel://u:hunter2@h",
            "redis-sentinel://u:hunter2@h/s/x", "redis-cluster://u:hunter2@h/1",
            "redis-cluster://u:hunter2@h?db=1", "redis-cluster://u:hunter2@h,", "redis-cluster://",
            "redis://u:hunter2@h:0", "redis://u:hunter2@h:65536", "redis://u:hunter2@h:-1", "redis://u:hunter2@h:x",
            "redis://u:hunter2@h:99999999999999999999", "redis://u:hunter2@h/x", "redis://u:hunter2@h/-1",
            "redis://u:hunter2@h/1/2", "redis://u:hunter2@h?db=1", "redis://u:hunter2#@h", "redis://u:hunter2%@h",
            "redis://u:hunter2%zz@h", "redis://u:hunter2%00@h", "redis://u:hunter2%ff@h", "redis://u:hunter2@::1",
            "redis://u:hunter2@[::1", "redis://u:hunter2@[h]", "redis://u:hunter2@h h", "redis://u:hunter2@h\n",
            "redis://u:hunter2@h:", "redis://u:hunter2/x@h", "unix://hunter2", "unix://u:hunter2@", "unix://",
            "unix:///s?db=x", "unix:///s?hunter2=1", "unix:///" + String(repeating: "x", count: 200),
            "redis://u:hunter2@hé", "redis://u:hunter2@" + String(repeating: "h", count: 300),
        ]
    )
    func refused(_ url: String) throws {
        let error = try #require(throws: BellowsError.self) { try RedisConfiguration(url: url) }
        #expect(error.code == .invalidConfiguration)
        #expect(!error.message.contains("hunter2"))
        #expect(!error.message.contains("\n"))
    }

    @Test("the password appears in no description, dump or mirror")
    func secrecy() throws {
        var configuration = try RedisConfiguration(url: "redis://u:hunter2@h")
        configuration.password = "hunter2"
        var dumped = ""
        dump(configuration, to: &dumped)
        let texts = [
            configuration.description, configuration.debugDescription, "\(configuration)",
            String(reflecting: configuration), dumped, "\(configuration.customMirror.children.map(\.value))",
        ]
        for text in texts { #expect(!text.contains("hunter2")) }
    }

    @Test("a prefix is checked like a name")
    func prefix() throws {
        var configuration = RedisConfiguration()
        configuration.prefix = "shop:1"
        try configuration.validate()
        for bad in ["", "{a}", "a b", "a*", "a\n", ":", "a#1", String(repeating: "a", count: 201)] {
            configuration.prefix = bad
            let error = try #require(throws: BellowsError.self) { try configuration.validate() }
            #expect(error.code == .invalidConfiguration)
        }
    }

    @Test("every setting that cannot work is refused when a backend is made, without a server")
    func settings() async throws {
        let changes: [(inout RedisConfiguration) -> Void] = [
            { $0.address = .tcp(host: "", port: 1) }, { $0.address = .unix(path: "") }, { $0.address = .cluster([]) },
            { $0.address = .sentinel([], service: "x") },
            { $0.address = .sentinel([RedisConfiguration.Node(host: "x", port: 1)], service: "") },
            { $0.database = -1 }, { $0.connectTimeout = .zero }, { $0.commandTimeout = .seconds(3601) },
            { $0.maximumReplyBytes = 1 }, { $0.clientName = "a b" }, { $0.clientName = "" }, { $0.prefix = "a b" },
            { $0.limits = TaskLimits(payload: .max) },
        ]
        for change in changes {
            var configuration = RedisConfiguration()
            change(&configuration)
            let made = #expect(throws: BellowsError.self) { try RedisBackend(configuration: configuration) }
            #expect(made?.code == .invalidConfiguration)
            let connected = await #expect(throws: BellowsError.self) { try await RedisBackend.connect(configuration) }
            #expect(connected == made)
        }
        try RedisConfiguration().validate()
    }
}
