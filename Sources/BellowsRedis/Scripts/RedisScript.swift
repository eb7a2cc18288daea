/// One of the scripts in lua/; the raw value is the name of its file. ``ScriptAssembly`` puts its text together from the
/// files that ``LuaFiles`` lists.
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
    case lookup
    case hasten
    case sweep
    case stats
    case inspect
    case list
    case search
    case deadList = "dead_list"
    case deadRetry = "dead_retry"
    case deadDelete = "dead_delete"
    case cancel
    case reschedule
    case update
    case pause
    case resume
    case passOn = "pass_on"
    case audit

    /// Whether a backend runs it often, so that each new one loads it. The text of the others goes with their calls.
    var isForBackends: Bool {
        switch self {
        case .audit, .hasten, .list, .search, .cancel, .reschedule, .update, .pause, .resume: false
        default: true
        }
    }

    /// The whole text for plain definitions.
    package var text: String { ScriptAssembly().text(of: rawValue) }

    /// The whole text for managed definitions, those with rules beyond the plain ones (docs/redis-layout.md), with the parts
    /// that only they need. Tests look at it; no backend sends it.
    var managedText: String { ScriptAssembly(isManaged: true).text(of: rawValue) }
}
