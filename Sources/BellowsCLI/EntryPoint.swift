import ArgumentParser
import Bellows
import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the program begins. Not argument-parser's own entry point: that exits with 64 on usage errors and prints
/// several lines, and this program promises 2 and one line.
@main
enum EntryPoint {
    static func main() {
        ProcessSetup.prepare()
        let arguments = RawArguments.ofProcess
        // While this is the only thread: an asynchronous main would not be.
        if runsCommands(arguments) { FirstProcess.standIn() }
        Task {
            let status = await run(arguments)
            await ByteSink.standardOutput.flush()
            await ByteSink.standardError.flush()
            exit(status.rawValue)
        }
        dispatchMain()
    }

    /// Whether the program will run other programs; whatever is wrong with the arguments is told later.
    private static func runsCommands(_ arguments: [String]) -> Bool {
        let command = try? BellowsCommand.parseAsRoot(arguments)
        return command is WorkCommand || command is SingletonCommand
    }

    /// Parses the arguments, runs the command, and reports what went wrong in one line.
    private static func run(_ arguments: [String]) async -> ProgramStatus {
        do {
            guard let command = try parse(arguments) else { return .success }
            return try await execute(command)
        } catch let failure as CommandFailure {
            return await report(failure)
        } catch {
            return await report(parserError: error)
        }
    }

    /// Finds the command that the arguments ask for.
    ///
    /// - Returns: nil if argument-parser did it all by itself.
    /// - Throws: ``CommandFailure``, or an error of argument-parser, which may also be a request for help.
    static func parse(_ arguments: [String]) throws -> (any StoreCommand)? {
        var command = try BellowsCommand.parseAsRoot(arguments)
        if let command = command as? any StoreCommand { return command }
        try command.run()
        return nil
    }

    private static func execute(_ command: any StoreCommand) async throws(CommandFailure) -> ProgramStatus {
        do {
            let status = try await command.execute()
            // What was printed must have arrived before the program claims success.
            try await ByteSink.standardOutput.finish()
            return status
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func report(_ failure: CommandFailure) async -> ProgramStatus {
        await ByteSink.standardError.say("bellows: \(ErrorText.sanitize(failure.message))")
        return failure.status
    }

    /// Help, the version and completion scripts are thrown by the parser too.
    private static func report(parserError error: any Error) async -> ProgramStatus {
        guard BellowsCommand.exitCode(for: error).isSuccess else {
            let message = BellowsCommand.message(for: error)
                .split(whereSeparator: \.isNewline)
                .map { $0.trimmingSpaces() }
                .joined(separator: " ")
            return await report(CommandFailure(.usage, "\(message) (see: bellows --help)"))
        }
        do {
            try await ByteSink.standardOutput.print(BellowsCommand.fullMessage(for: error))
            try await ByteSink.standardOutput.finish()
            return .success
        } catch {
            return await report(CommandFailure(error))
        }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        drop(while: { $0 == " " })
    }
}
