import Bellows
import Synchronization

/// Loads the scripts on each new connection, and makes the commands that run them. Which scripts there are stands in
/// ``RedisScript``, their files in ``LuaFiles``.
///
/// A script is run by its digest. If the server does not know it (any more), its whole text is sent instead: that
/// loads it too, and nothing can come in between.
final class ScriptCatalog: Sendable {
    private let digests = Mutex<[RedisScript: [UInt8]]>([:])
    private let dialect: ScriptDialect
    private let recordsCalls: Bool
    private static let texts = Dictionary(uniqueKeysWithValues: RedisScript.allCases.map { ($0, $0.text) })
    private static let clusterTexts = texts.mapValues { ScriptDialect.cluster.translate($0) }

    init(_ dialect: ScriptDialect = .server, recordsCalls: Bool = false) {
        (self.dialect, self.recordsCalls) = (dialect, recordsCalls)
    }

    /// The steps that load the scripts whose digest is not known yet. Later connections need none of them: a server
    /// that has lost its scripts gets them again one by one, when they are called.
    func handshake() -> [HandshakeStep] {
        let known = Set(digests.withLock { $0.keys })
        return RedisScript.allCases.filter { $0.isForBackends && !known.contains($0) }.map { script in
            var command = RedisCommand("SCRIPT", "LOAD")
            command.append(text(of: script))
            return HandshakeStep(command: command) { [weak self] in self?.loaded(script, $0) }
        }
    }

    /// The command for a call.
    ///
    /// - Parameter sendingText: sends the whole text, because the server has answered that it lacks the script.
    func command(for call: ScriptCall, isRepeated: Bool, sendingText: Bool) -> RedisCommand {
        var command = RedisCommand(reservingBytes: call.reservedBytes + 200)
        if !sendingText, let digest = digests.withLock({ $0[call.script] }) {
            command.append("EVALSHA")
            command.append(digest)
        } else {
            command.append("EVAL")
            command.append(text(of: call.script))
        }
        let keys = dialect.keys(call.keys)
        command.append(Int64(keys.count))
        for key in keys { command.append(key) }
        call.appendArguments(&command, isRepeated)
        return command
    }

    private func text(of script: RedisScript) -> String {
        let text =
            switch dialect {
            case .server: Self.texts[script] ?? script.text
            case .cluster: Self.clusterTexts[script] ?? dialect.translate(script.text)
            }
        return recordsCalls ? ScriptRecorder.record(text, of: script) : text
    }

    private func loaded(_ script: RedisScript, _ reply: RedisReply) -> BellowsError? {
        switch reply {
        case .bytes(let digest):
            digests.withLock { $0[script] = digest }
            return nil
        // Some users may run scripts but not load them, and some servers have no SCRIPT; then calls carry the text.
        case .error(let error) where error.deniesCommand: return nil
        case .error(let error): return error.backendError
        default: return RedisReply.unexpected(to: "SCRIPT LOAD")
        }
    }
}
