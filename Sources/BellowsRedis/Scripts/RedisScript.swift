/// One of the scripts in lua/; the raw value is the name of its file.
enum RedisScript: String, CaseIterable, Sendable {
    case publish
    case claim
    case claimByID = "claim_by_id"
    case claimSingleton = "claim_singleton"
    case renew
    case finish
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

    /// The whole text: the parts that the script's header names, then its body.
    var body: [UInt8] {
        typealias Lua = PackageResources
        let (prelude, answers) = (Lua.prelude_lua, Lua.answers_lua)
        return switch self {
        case .publish: prelude + answers + Lua.publish_lua
        case .claim: prelude + Lua.results_lua + Lua.bury_lua + Lua.claim_lua
        case .claimByID: prelude + Lua.claim_by_id_lua
        case .claimSingleton: prelude + Lua.claim_singleton_lua
        case .renew: prelude + Lua.renew_lua
        case .finish: prelude + answers + Lua.results_lua + Lua.finish_lua
        case .fail: prelude + answers + Lua.results_lua + Lua.bury_lua + Lua.fail_lua
        case .release: prelude + answers + Lua.release_lua
        case .singleton: prelude + answers + Lua.singleton_lua
        case .result: prelude + Lua.result_lua
        case .sweep: Lua.sweep_lua
        case .stats: prelude + Lua.stats_lua
        case .inspect: prelude + Lua.inspect_lua
        case .deadList: prelude + Lua.dead_list_lua
        case .deadRetry: prelude + Lua.dead_retry_lua
        case .deadDelete: prelude + Lua.dead_delete_lua
        }
    }
}
