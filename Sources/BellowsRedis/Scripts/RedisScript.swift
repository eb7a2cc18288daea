/// One of the scripts in lua/; the raw value is the name of its file.
package enum RedisScript: String, CaseIterable, Sendable {
    case publish
    case claim
    case claimByID = "claim_by_id"
    case claimSingleton = "claim_singleton"
    case renew
    case finish
    case finishAndClaim = "finish_and_claim"
    case fail
    case release
    case singleton
    case result
    case sweep
    case stats
    case inspect
    case deadList = "dead_list"
    case deadRetry = "dead_retry"
    case deadDelete = "dead_delete"
    case passOn = "pass_on"
    case audit

    /// Whether a backend runs it, so that each new one loads it.
    var isForBackends: Bool { self != .audit }

    /// The parts in front of the body.
    private var front: [ScriptPart] {
        switch self {
        case .sweep: []
        case .claim, .finishAndClaim, .stats, .deadList, .deadDelete: [.prelude]
        case .claimByID, .claimSingleton, .renew, .result, .inspect, .deadRetry, .audit: [.prelude, .clock]
        case .publish, .finish: [.prelude, .answers]
        case .passOn: [.prelude, .clock, .wake]
        case .release, .singleton: [.prelude, .clock, .answers]
        case .fail: [.prelude, .clock, .answers, .results, .bury]
        }
    }

    /// The whole text: the file with the parts that its header names.
    package var text: String { (front.contains(.prelude) ? ScriptPart.prelude.text : "") + body }

    /// The text without the prelude, which a script has only once, however many bodies it holds.
    private var body: String {
        var middle = String(decoding: file, as: UTF8.self)
        if self == .finishAndClaim {
            middle = middle.replacing("-- [finish]\n", with: RedisScript.finish.body)
            middle = middle.replacing("-- [claim]\n", with: RedisScript.claim.body)
        }
        let end = front.contains(.answers) ? ScriptPart.epilogue.text : ""
        return front.filter { $0 != .prelude }.map(\.text).joined() + Self.filled(middle + end)
    }

    /// Puts parts where a comment with their names in brackets stands. Making functions costs time in each call, so the
    /// usual case goes before them.
    private static func filled(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let mark = line.drop { $0 == " " }
            guard mark.hasPrefix("-- ["), mark.hasSuffix("]") else { return String(line) }
            let parts = mark.dropFirst(4).dropLast().split(separator: ",").map { $0.drop { $0 == " " } }
            return parts.compactMap { ScriptPart(rawValue: String($0))?.text }.joined()
        }
        return lines.joined(separator: "\n")
    }

    private var file: [UInt8] {
        switch self {
        case .publish: PackageResources.publish_lua
        case .claim: PackageResources.claim_lua
        case .claimByID: PackageResources.claim_by_id_lua
        case .claimSingleton: PackageResources.claim_singleton_lua
        case .renew: PackageResources.renew_lua
        case .finish: PackageResources.finish_lua
        case .finishAndClaim: PackageResources.finish_and_claim_lua
        case .fail: PackageResources.fail_lua
        case .release: PackageResources.release_lua
        case .singleton: PackageResources.singleton_lua
        case .result: PackageResources.result_lua
        case .sweep: PackageResources.sweep_lua
        case .stats: PackageResources.stats_lua
        case .inspect: PackageResources.inspect_lua
        case .deadList: PackageResources.dead_list_lua
        case .deadRetry: PackageResources.dead_retry_lua
        case .deadDelete: PackageResources.dead_delete_lua
        case .passOn: PackageResources.pass_on_lua
        case .audit: PackageResources.audit_lua
        }
    }
}
