import Bellows
import BellowsRedis
import Testing

@testable import BellowsCLI

@Suite struct ParsingTests {
    private func address(_ arguments: [String]) throws -> StoreAddress {
        let command = try #require(try EntryPoint.parse(arguments))
        return command.address.falling(back: command.root.store.address)
    }

    @Test(arguments: [
        ["--redis", "redis://a", "--prefix", "p", "stats"], ["stats", "--redis", "redis://a", "--prefix", "p"],
        ["--redis", "redis://a", "stats", "--prefix", "p"],
        ["--redis", "redis://outer", "--prefix", "outer", "stats", "--redis", "redis://a", "--prefix", "p"],
        ["--prefix=p", "work", "q", "--redis=redis://a", "--", "cmd", "--redis", "redis://of-the-command"],
        ["dead", "list", "q", "--redis", "redis://a", "--prefix", "p"],
        ["--redis", "redis://a", "dead", "--prefix", "p", "list", "q"],
        ["--redis", "redis://x", "dead", "--redis", "redis://y", "list", "q", "--redis", "redis://a", "--prefix", "p"],
    ])
    func takesTheAddressOnEitherSide(_ arguments: [String]) throws {
        #expect(try address(arguments) == StoreAddress(url: "redis://a", prefix: "p"))
    }

    @Test func handsTheCommandItsOwnOptions() throws {
        let work = try #require(
            try EntryPoint.parse(["work", "q", "--concurrency", "3", "--", "cmd", "--concurrency", "9", "--", "-x"])
                as? WorkCommand
        )
        #expect(work.concurrency == 3)
        #expect(work.commandOptions.command == ["cmd", "--concurrency", "9", "--", "-x"])
        #expect(work.commandOptions.lease.duration == .seconds(20))
        #expect(work.commandOptions.grace == .seconds(10))
    }

    @Test func takesPayloadsThatBeginWithAHyphen() throws {
        let publish = try #require(try EntryPoint.parse(["publish", "q", "--json", "--", "-x"]) as? PublishCommand)
        #expect(publish.payload == "-x")
        #expect(publish.json)
        #expect((try EntryPoint.parse(["publish", "q", "-"]) as? PublishCommand)?.payload == "-")
        #expect((try EntryPoint.parse(["publish", "q", "--payload-file", "-"]) as? PublishCommand)?.payloadFile == "-")
    }

    @Test(arguments: [
        [], ["nonsense"], ["publish"], ["publish", "a b"], ["publish", ""], ["publish", "q", "x", "y"],
        ["publish", "q", "x", "--stdin-lines"], ["publish", "q", "x", "--payload-file", "f"],
        ["publish", "q", "--stdin-lines", "--id", "a"], ["publish", "q", "--delay", "5"],
        ["publish", "q", "--delay", "-5s"], ["publish", "q", "--delay=-5s"],
        ["publish", "q", "--delay", "5s", "--at", "2026-01-01T00:00:00Z"],
        ["publish", "q", "--at", "tomorrow"], ["publish", "q", "--id", "~singleton"], ["publish", "q", "--id", ""],
        ["publish", "q", "--max-attempts", "0"], ["publish", "q", "--max-attempts", "many"],
        ["publish", "q", "--timeout", "5s"], ["publish", "q", "--await", "--no-result"],
        ["publish", "q", "--nonsense"],
        ["work", "q"], ["work", "q", "--"], ["work", "q", "true"], ["work", "--", "true"],
        ["work", "q", "--lease", "1ms", "--", "true"], ["work", "q", "--lease", "2d", "--", "true"],
        ["work", "q", "--concurrency", "0", "--", "true"], ["work", "q", "--grace", "x", "--", "true"],
        ["singleton", "q"], ["await", "q"], ["await", "q", "a b"], ["inspect", "q"], ["dead"], ["dead", "list"],
        ["dead", "retry", "q"], ["dead", "retry", "q", "--all", "id"], ["dead", "delete", "q"], ["stats", "q", "r"],
    ])
    func refuses(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try EntryPoint.parse(arguments) }
    }

    @Test func inspectsSingletons() throws {
        let inspect = try #require(try EntryPoint.parse(["inspect", "q", "~singleton"]) as? InspectCommand)
        #expect(inspect.id == .singleton)
    }

    @Test func prefersTheCommandLineToTheEnvironment() throws {
        let environment = ProcessEnvironment(entries: [
            Array("BELLOWS_REDIS_URL=redis://from.environment:1".utf8), Array("BELLOWS_REDIS_PASSWORD=secret".utf8),
        ])
        let fromEnvironment = try StoreAddress().configuration(environment: environment)
        #expect(fromEnvironment.address.description == "from.environment:1")
        #expect(fromEnvironment.password == "secret")
        let given = try StoreAddress(url: "redis://:own@here:2/3", prefix: "p").configuration(environment: environment)
        #expect(given.address.description == "here:2")
        #expect(given.password == "own")
        #expect(given.prefix == "p")
        let none = try StoreAddress().configuration(environment: ProcessEnvironment(entries: []))
        #expect(none.address.description == "127.0.0.1:6379")
        #expect(throws: BellowsError.self) {
            try StoreAddress(prefix: "a b").configuration(environment: ProcessEnvironment(entries: []))
        }
    }

    @Test(arguments: [
        ("BELLOWS_REDIS_URL", nil), ("BELLOWS_REDIS_PASSWORD", "redis://a"),
        ("BELLOWS_SENTINEL_USER", "redis-sentinel://a/s"),
        ("BELLOWS_SENTINEL_PASSWORD", "redis-sentinel://a/s"), ("BELLOWS_REDIS_CA", "rediss://a"),
        ("BELLOWS_REDIS_CERT", "rediss://a"), ("BELLOWS_REDIS_KEY", "rediss://a"), ("BELLOWS_REDIS_CA", "redis://a"),
    ])
    func refusesAVariableThatIsSetToNothing(name: String, url: String?) throws {
        let environment = ProcessEnvironment(entries: [Array("\(name)=".utf8)])
        let error = #expect(throws: BellowsError.self) {
            try StoreAddress(url: url).configuration(environment: environment)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message == "\(name) is set, but empty: give it a value, or unset it")
        // What is not needed is not looked at.
        if name == "BELLOWS_REDIS_URL" {
            #expect(
                try StoreAddress(url: "redis://a").configuration(environment: environment).address.description
                    == "a:6379"
            )
        }
    }
}
