import Bellows
import BellowsHistory
import Foundation
import RedisFixture

/// What a soak works on: one server, to which each process has a proxy of its own, or a cluster.
struct SoakStore {
    private enum Kind {
        case server(RedisServer)
        case cluster(ClusterGroup)
    }

    /// One fault of the store, or of a way to it.
    enum Fault: Hashable {
        case server(StoreFault)
        case cluster(ClusterFault)

        var name: String {
            switch self {
            case .server(let fault): fault.rawValue
            case .cluster(let fault): fault.rawValue
            }
        }
    }

    private let kind: Kind
    private let clock: ClockShim

    /// Starts it.
    ///
    /// - Parameter cluster: three servers that share the tasks, instead of one.
    init(cluster: Bool) throws {
        clock = try ClockShim()
        // It may be killed, and then everything that it acknowledged is looked for.
        let durable = RedisServer.durableOptions
        kind =
            cluster
            ? .cluster(try ClusterGroup(replicas: 0, arguments: durable, environment: clock.environment))
            : .server(try RedisServer.start(arguments: durable, environment: clock.environment))
    }

    /// The store, past all that may be in the way.
    var url: String {
        switch kind {
        case .server(let server): server.url
        case .cluster(let group): group.url
        }
    }

    /// All its servers.
    var servers: [RedisServer] {
        switch kind {
        case .server(let server): [server]
        case .cluster(let group): group.servers
        }
    }

    /// A new way to the store that can be harmed; nil if there is only the straight one, because a cluster tells its
    /// clients where its servers are.
    func makeProxy() throws -> FaultProxy? {
        guard case .server(let server) = kind else { return nil }
        return try FaultProxy(forwardingTo: server.port)
    }

    /// What can happen to it.
    var faults: [Fault] {
        switch kind {
        case .server: StoreFault.allCases.map(Fault.server)
        case .cluster: ClusterFault.allCases.map(Fault.cluster)
        }
    }

    /// Does one of ``faults``, and undoes what does not end by itself.
    ///
    /// - Parameters:
    ///   - proxy: the way that is harmed, if one is.
    ///   - name: the definition whose server suffers, in a cluster.
    ///   - duration: for how long.
    func perform(
        _ fault: Fault,
        on proxy: FaultProxy?,
        _ name: String,
        for duration: Duration,
        using generator: inout SeededGenerator
    ) async throws {
        switch (fault, kind) {
        case (.server(let fault), .server(let server)):
            if let proxy { try await fault.perform(on: server, proxy, for: duration) }
        case (.cluster(let fault), .cluster(let group)):
            // Servers that do not answer for longer than a second count as dead.
            try await fault.perform(on: group, key: "{\(name)}", using: &generator, for: duration / 4)
        default: preconditionFailure("\(fault) is no fault of this store")
        }
    }

    /// Sets how far the clocks of all servers are ahead, in seconds.
    func stepClock(to seconds: Int) throws { try clock.step(to: seconds) }

    /// Removes everything.
    ///
    /// - Returns: for each kind, how many tasks had finished and how many were dead.
    func flush() async throws -> [SoakKind: (finished: Int, dead: Int)] {
        // Read and removed in one step. What another server keeps counts for nothing; a cluster that is down for a moment, as
        // after its clocks were set, must not look like that.
        let script = """
            local found = {}
            for _, base in ipairs(ARGV) do
                local finished, dead = redis.pcall('HGET', base .. ':meta', 'finished'), redis.pcall('ZCARD', base .. ':dead')
                for _, answer in ipairs({ finished, dead }) do
                    local problem = type(answer) == 'table' and answer.err
                    if problem and not string.find(problem, 'non local key', 1, true) then return answer end
                end
                found[#found + 1] = type(finished) == 'string' and tonumber(finished) or 0
                found[#found + 1] = type(dead) == 'number' and dead or 0
            end
            redis.call('FLUSHALL')
            return found
            """
        let names = try SoakKind.allCases.flatMap { kind in try kind.partitions.names.map { (kind, $0) } }
        let command = (["EVAL", script, "0"] + names.map { "bellows:2:{\($1)}" }).map { Array($0.utf8) }
        var counts: [SoakKind: (finished: Int, dead: Int)] = [:]
        for server in servers {
            var answer: ProbeReply?
            try await FixtureWait.until("port \(server.port) is emptied") {
                answer = try RedisProbe(port: server.port).command(command)
                return answer?.elements != nil
            }
            guard let reply = answer?.elements, reply.count == 2 * names.count else {
                throw FixtureError("FLUSHALL: \(String(describing: answer))")
            }
            for (index, (kind, _)) in names.enumerated() {
                let old = counts[kind] ?? (0, 0)
                counts[kind] = (
                    old.finished + Int(reply[2 * index].number ?? 0), old.dead + Int(reply[2 * index + 1].number ?? 0)
                )
            }
        }
        return counts
    }

    func stop() {
        switch kind {
        case .server(let server): server.stop()
        case .cluster(let group): group.stop()
        }
    }
}
