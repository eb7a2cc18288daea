import Bellows
import Logging
import Testing

@testable import BellowsRedis

@Suite("Error replies")
struct RedisServerErrorTests {
    @Test(
        "the first word decides",
        arguments: [
            ("READONLY You can't write against a read only replica.", .notPrimary),
            ("READONLY You can't write against a read only replica. script: 5, on @user_script:1.", .notPrimary),
            ("MASTERDOWN Link with MASTER is down", .notPrimary), ("UNBLOCKED force unblock", .notPrimary),
            ("LOADING Redis is loading the dataset in memory", .notReady), ("BUSY Redis is busy", .notReady),
            ("LOADING Valkey is loading the dataset in memory", .notReady), ("TRYAGAIN Multiple keys", .notReady),
            ("NOREPLICAS Not enough good replicas to write.", .notReady),
            ("CLUSTERDOWN Hash slot not served", .clusterDown),
            ("OOM command not allowed when used memory > 'maxmemory'.", .storeFull),
            ("OOM command not allowed when used memory > 'maxmemory'. script: on @user_script:1.", .storeFull),
            ("MISCONF Redis is configured to save RDB snapshots", .storeFull),
            ("NOSCRIPT No matching script. Please use EVAL.", .noScript), ("NOSCRIPT No matching script.", .noScript),
            ("NOAUTH Authentication required.", .badCredentials),
            ("WRONGPASS invalid username-password pair", .badCredentials),
            ("DENIED Redis is running in protected mode", .badCredentials),
            ("NOPERM this user has no permissions to run the 'set' command", .noPermission),
            ("NOPERM No permissions to access a key", .noPermission),
            ("MOVED 866 127.0.0.1:7001", .redirect), ("ASK 866 127.0.0.1:7001", .redirect),
            ("CROSSSLOT Keys in request don't hash to the same slot", .crossSlot),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", .wrongType),
            ("NEWCODE something", .other), ("", .other), (" ", .other), ("ERR", .other), ("ERR ", .other),
            ("ERR value OOM is out of range", .other), ("ERR syntax error", .other),
        ] as [(String, RedisServerError.Category)]
    )
    func words(_ text: String, _ category: RedisServerError.Category) {
        #expect(RedisServerError(text).category == category)
    }

    @Test(
        "errors without a word of their own are known by how they begin",
        arguments: [
            ("ERR max number of clients reached", .tooManyClients),
            ("ERR max number of clients + cluster connections reached", .tooManyClients),
            ("ERR This instance has cluster support disabled", .noCluster),
            ("ERR AUTH <password> called without any password configured for the default user.", .noPassword),
            ("ERR unknown command `OOM`, with args beginning with: `a`", .unknownCommand),
            ("ERR unknown command 'OOM', with args beginning with: 'a'", .unknownCommand),
            ("ERR unknown subcommand 'GET'. Try CONFIG HELP.", .unknownCommand),
            ("ERR Unknown subcommand or wrong number of arguments for 'GET'. Try CONFIG HELP.", .unknownCommand),
        ] as [(String, RedisServerError.Category)]
    )
    func phrases(_ text: String, _ category: RedisServerError.Category) {
        #expect(RedisServerError(text).category == category)
    }

    /// What Redis 6.2 puts in front of an error in a script, and what later servers put behind.
    private static let (in62, place) = (
        "ERR Error running script (call to f_519de7): @user_script:1: ", " script: 519de7, on @user_script:1."
    )

    @Test(
        "errors in scripts mean the same on every server",
        arguments: [
            // Redis 6.2: what redis.call raises, and what redis.pcall returns.
            (in62 + "@user_script: 1: -OOM command not allowed when used memory", .storeFull),
            ("@user_script: 1: -OOM command not allowed when used memory", .storeFull),
            (in62 + "@user_script: 1: -NOREPLICAS Not enough good replicas to write.", .notReady),
            (in62 + "@user_script: 1: -READONLY You can't write", .notPrimary),
            (in62 + "WRONGTYPE Operation against", .wrongType),
            (in62 + "@user_script: 1: The user executing the script can't run this command", .noPermission),
            ("@user_script: 1: The user executing the script can't access at least one", .noPermission),
            (in62 + "@user_script: 1: Unknown Redis command called from Lua script", .unknownCommand),
            (in62 + "@user_script: 1: Wrong number of args calling Redis command From Lua script", .other),
            (in62 + "user_script:1: attempt to index a nil value", .other),
            (in62 + "user_script:1: OOM", .storeFull),
            ("ERR Error compiling script (new function): user_script:1: '=' expected near 'error'", .other),
            // Redis 7.0.
            ("ERR The user executing the script can't run this command or subcommand" + place, .noPermission),
            ("ERR The user executing the script can't access at least one of the keys" + place, .noPermission),
            ("ERR Unknown Redis command called from script" + place, .unknownCommand),
            ("ERR user_script:1: attempt to index local 'x' (a nil value)" + place, .other),
            // Redis since 7.2, and Valkey.
            (
                "ERR ACL failure in script: User reader has no permissions to run the 'rpush' command" + place,
                .noPermission
            ),
            ("ERR ACL failure in script: No permissions to access a key", .noPermission),
            ("ERR Unknown command called from script script: on @user_script:1.", .unknownCommand),
        ] as [(String, RedisServerError.Category)]
    )
    func scripts(_ text: String, _ category: RedisServerError.Category) {
        #expect(RedisServerError(text).category == category)
    }

    @Test("what was sent with an unknown command is not repeated")
    func hidesArguments() {
        for text in [
            "ERR unknown command 'AUTH', with args beginning with: 'hunter2'",
            "ERR unknown command `AUTH`, with args beginning with: `hunter2`, ",
        ] {
            let error = RedisServerError(text)
            #expect(error.message.hasPrefix("ERR unknown command"))
            #expect(error.message.contains("AUTH") && !error.message.contains("hunter2"))
        }
    }

    @Test("the text is one line of bounded length")
    func sanitized() {
        let error = RedisServerError("ERR a\r\nb\u{1B}[31m" + String(repeating: "x", count: 10_000))
        #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
        #expect(error.message.count < 600)
    }

    @Test("categories become codes of the backend")
    func codes() {
        #expect(RedisServerError("LOADING x").backendError.code == .unavailable)
        #expect(RedisServerError("OOM x").backendError.code == .storeFull)
        #expect(RedisServerError("NOPERM x").backendError.code == .accessDenied)
        #expect(RedisServerError("ERR ACL failure in script: x").backendError.code == .accessDenied)
        #expect(RedisServerError("NOAUTH x").backendError.code == .accessDenied)
        #expect(RedisServerError("CLUSTERDOWN x").backendError.code == .unavailable)
        #expect(RedisServerError("ERR max number of clients reached").backendError.code == .unavailable)
        #expect(RedisServerError("ERR unknown command 'X'").backendError.code == .unsupportedServer)
        #expect(RedisServerError("READONLY x").backendError.code == .notPrimary)
        #expect(RedisServerError("MOVED x").backendError.code == .unsupportedServer)
        #expect(RedisServerError("WRONGTYPE x").backendError.code == .invalidData)
    }

    @Test("an error of AUTH never repeats what was sent")
    func authentication() throws {
        var configuration = RedisConfiguration()
        configuration.password = "hunter2"
        let step = try #require(HandshakeStep.login(configuration).first)
        for text in [
            "ERR unknown command 'AUTH', with args beginning with: 'hunter2'", "WRONGPASS hunter2", "NOPERM hunter2",
        ] {
            let error = try #require(step.check(.error(RedisServerError(text))))
            #expect(error.code == .accessDenied)
            #expect(!error.message.contains("hunter2"))
        }
        #expect(step.check(.status("OK")) == nil)
        #expect(step.check(.error(RedisServerError("LOADING x")))?.isRetryable == true)
        #expect(step.check(.error(RedisServerError("ERR max number of clients reached")))?.isRetryable == true)
    }

    @Test("a user without a password logs in with an empty one")
    func emptyPassword() throws {
        let configuration = try RedisConfiguration(url: "redis://limited@127.0.0.1")
        let step = try #require(HandshakeStep.login(configuration).first)
        #expect(step.command.lengths == [4, 7, 0])
        #expect(step.command.bytes == RedisCommand("AUTH", "limited", "").bytes)
        let error = step.check(.error(RedisServerError("WRONGPASS invalid username-password pair")))
        #expect(error?.code == .accessDenied)
        #expect(error?.message.contains("without a password") == true)
        #expect(HandshakeStep.login(RedisConfiguration()).count == 1)
    }

    @Test("a command that a server lacks, or that the user may not run, leaves something unknown and is no obstacle")
    func unknownIsNoObstacle() {
        let keys = RedisKeySpace(prefix: "p")
        let check = ServerCheck(
            RedisConfiguration(),
            keys: keys,
            catalog: ScriptCatalog(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        for text in ["ERR unknown command 'INFO'", "NOPERM x", "ERR Unknown subcommand or wrong number of arguments"] {
            for step in check.handshake() where !step.command.bytes.starts(with: "GET".utf8) {
                #expect(step.check(.error(RedisServerError(text))) == nil)
            }
        }
    }
}
