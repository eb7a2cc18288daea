import BellowsTesting
import Foundation
import RedisFixture

/// The command against a private server that all tests share, with a definition for this test alone.
struct CommandLineFixture {
    let url: String
    /// The definition.
    let name: String

    /// What `--timeout` is where nothing should time out.
    static let patience = "\(Int(60 * MachineLoad.factor))s"

    init() throws {
        self.init(url: try RedisServer.shared.get().url)
    }

    init(url: String) {
        self.url = url
        name = "cli.\(UUID().uuidString)"
    }

    /// Runs the command to its end.
    func run(
        _ arguments: String...,
        input: String = "",
        environment: [String: String] = [:]
    ) async throws -> BellowsProcess.Ending {
        try await run(arguments, input: input, environment: environment)
    }

    /// The same with a list.
    func run(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:]
    ) async throws -> BellowsProcess.Ending {
        try await BellowsProcess.run(arguments, url: url, input: Array(input.utf8), environment: environment)
    }

    /// Starts the command and leaves it running.
    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> BellowsProcess {
        try BellowsProcess(arguments, url: url, environment: environment)
    }

    /// Publishes a task.
    ///
    /// - Returns: its id.
    func publish(_ payload: String, _ options: String...) async throws -> String {
        try await BellowsProcess.run(["publish", name, payload] + options, url: url).lines.first ?? ""
    }

    /// Runs a command of the shell for all tasks that there are.
    @discardableResult
    func work(_ script: String, _ options: String...) async throws -> BellowsProcess.Ending {
        try await BellowsProcess.run(
            ["work", name, "--until-empty"] + options + ["--", "/bin/sh", "-c", script],
            url: url
        )
    }

    /// What `bellows inspect --json` says.
    func inspect(_ id: String) async throws -> [String: Any] {
        let text = try await run("inspect", name, id, "--json").text
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
}
