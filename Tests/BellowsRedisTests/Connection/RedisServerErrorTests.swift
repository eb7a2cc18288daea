import Bellows
import Testing

@testable import BellowsRedis

@Suite("Error replies")
struct RedisServerErrorTests {
    @Test(
        "the first word decides",
        arguments: [
            ("READONLY You can't write against a read only replica.", .notPrimary),
            ("READONLY You can't write against a read only replica. script: 5, on @user_script:1.", .notPrimary),
            ("MASTERDOWN SocketChannel with MASTER is down", .notPrimary), ("UNBLOCKED force unblock", .notPrimary),
            ("LOADING Redis is loading the dataset in memory", .notNow), ("BUSY Redis is busy", .notNow),
            ("TRYAGAIN Multiple keys", .notNow), ("CLUSTERDOWN Hash slot not served", .notNow),
            ("NOREPLICAS Not enough good replicas to write.", .notNow),
            ("ERR max number of clients reached", .notNow),
            ("ERR max number of clients + cluster connections reached", .notNow),
            ("OOM command not allowed when used memory > 'maxmemory'.", .storeFull),
            ("OOM command not allowed when used memory > 'maxmemory'. script: 1, on @user_script:1.", .storeFull),
            (
                "ERR Error running script (call to f_1): @user_script:1: -OOM command not allowed when used memory",
                .storeFull
            ),
            ("ERR Error running script (call to f_1): @user_script: 3: READONLY You can't write", .notPrimary),
            ("ERR Error running script (call to f_1): @user_script:1: WRONGTYPE Operation against", .wrongType),
            ("ERR Error running script (call to f_1): @user_script:1: attempt to index a nil value", .other),
            ("MISCONF Redis is configured to save RDB snapshots", .storeFull),
            ("NOSCRIPT No matching script. Please use EVAL.", .noScript),
            ("NOAUTH Authentication required.", .access), ("WRONGPASS invalid username-password pair", .access),
            ("NOPERM this user has no permissions to run the 'set' command", .access),
            ("DENIED Redis is running in protected mode", .access),
            ("ERR The user executing the script can't run this command or subcommand script: 1", .access),
            (
                "ERR Error running script (call to f_1): @user_script:1: The user executing the script can't access",
                .access
            ),
            ("MOVED 866 127.0.0.1:7001", .topology), ("ASK 866 127.0.0.1:7001", .topology),
            ("CROSSSLOT Keys in request don't hash to the same slot", .topology),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", .wrongType),
            ("ERR unknown command 'OOM'", .other), ("NEWCODE something", .other), ("", .other), (" ", .other),
            ("ERR value OOM is out of range", .other),
        ] as [(String, RedisServerError.Category)]
    )
    func categories(_ text: String, _ category: RedisServerError.Category) {
        #expect(RedisServerError(text).category == category)
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
    }
}
