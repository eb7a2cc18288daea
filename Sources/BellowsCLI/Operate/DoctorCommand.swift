import ArgumentParser
import Bellows
import BellowsRedis

/// `bellows doctor`: how safe tasks are in this Redis, and what should be changed.
struct DoctorCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at the server: how safe tasks are there, and what should be changed.",
        discussion: "It changes nothing. The exit code is 1 if there is a warning or worse."
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<DoctorCommand>

    @Flag(help: "Print one JSON object.")
    var json = false

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let configuration = try storeConfiguration()
        let diagnosis = try await RedisBackend.diagnose(configuration)
        for line in json ? [jsonText(diagnosis)] : lines(diagnosis, configuration.address) {
            try await ByteSink.standardOutput.print(line)
        }
        return diagnosis.isHealthy ? .success : .failed
    }

    private func lines(_ diagnosis: StoreDiagnosis, _ address: RedisConfiguration.Address) -> [String] {
        let role = diagnosis.isReplica ? "a replica" : "a primary with \(diagnosis.replicaCount) replicas"
        let level = diagnosis.level.map { "level \($0.rawValue) of 3, \($0)" } ?? "unknown"
        let server =
            diagnosis.version.map { "\(diagnosis.product) \($0) at \(address), \(role)" } ?? "Redis at \(address)"
        return [server, "durability: \(level)"] + diagnosis.findings.map { "\($0.severity.rawValue): \($0.text)" }
    }

    private func jsonText(_ diagnosis: StoreDiagnosis) -> String {
        let findings = diagnosis.findings.map {
            JSONText.object([("severity", .string($0.severity.rawValue)), ("text", .string($0.text))])
        }
        return JSONText.object([
            ("product", .string(diagnosis.product)),
            ("version", diagnosis.version.map { .string($0) } ?? .null),
            ("is_replica", .bool(diagnosis.isReplica)),
            ("replicas", .number(diagnosis.replicaCount)),
            ("level", diagnosis.level.map { .number($0.rawValue) } ?? .null),
            ("findings", .array(findings)),
        ]).text
    }
}
