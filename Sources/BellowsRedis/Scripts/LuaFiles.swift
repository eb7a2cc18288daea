/// The files of lua/, by their names without the extension. The one place where resources are named; a test compares it
/// with the folder. Each script is also a case of ``RedisScript``.
enum LuaFiles {
    /// The scripts, in lua/.
    static let scripts: [String: String] = texts([
        "audit": PackageResources.audit_lua,
        "cancel": PackageResources.cancel_lua,
        "claim": PackageResources.claim_lua,
        "claim_by_id": PackageResources.claim_by_id_lua,
        "claim_singleton": PackageResources.claim_singleton_lua,
        "dead_delete": PackageResources.dead_delete_lua,
        "dead_list": PackageResources.dead_list_lua,
        "dead_retry": PackageResources.dead_retry_lua,
        "fail": PackageResources.fail_lua,
        "finish": PackageResources.finish_lua,
        "finish_and_claim": PackageResources.finish_and_claim_lua,
        "hasten": PackageResources.hasten_lua,
        "inspect": PackageResources.inspect_lua,
        "list": PackageResources.list_lua,
        "lookup": PackageResources.lookup_lua,
        "pass_on": PackageResources.pass_on_lua,
        "pause": PackageResources.pause_lua,
        "publish": PackageResources.publish_lua,
        "release": PackageResources.release_lua,
        "renew": PackageResources.renew_lua,
        "reschedule": PackageResources.reschedule_lua,
        "resume": PackageResources.resume_lua,
        "search": PackageResources.search_lua,
        "singleton": PackageResources.singleton_lua,
        "stats": PackageResources.stats_lua,
        "sweep": PackageResources.sweep_lua,
        "update": PackageResources.update_lua,
    ])

    /// What scripts share, in lua/parts/.
    static let parts: [String: String] = texts([
        "announce": PackageResources.announce_lua,
        "await": PackageResources.await_lua,
        "broadcast": PackageResources.broadcast_lua,
        "bury": PackageResources.bury_lua,
        "cancelled": PackageResources.cancelled_lua,
        "candidates": PackageResources.candidates_lua,
        "claim_again": PackageResources.claim_again_lua,
        "claim_door": PackageResources.claim_door_lua,
        "claim_one": PackageResources.claim_one_lua,
        "claim_stopped": PackageResources.claim_stopped_lua,
        "clock": PackageResources.clock_lua,
        "describe": PackageResources.describe_lua,
        "door": PackageResources.door_lua,
        "end_stopped": PackageResources.end_stopped_lua,
        "epilogue": PackageResources.epilogue_lua,
        "forget": PackageResources.forget_lua,
        "hand_out": PackageResources.hand_out_lua,
        "instant": PackageResources.instant_lua,
        "leases": PackageResources.leases_lua,
        "next_record": PackageResources.next_record_lua,
        "overdue": PackageResources.overdue_lua,
        "page_line": PackageResources.page_line_lua,
        "page_set": PackageResources.page_set_lua,
        "prelude": PackageResources.prelude_lua,
        "replay": PackageResources.replay_lua,
        "running": PackageResources.running_lua,
        "settle": PackageResources.settle_lua,
        "stops": PackageResources.stops_lua,
        "store": PackageResources.store_lua,
        "timekeepers": PackageResources.timekeepers_lua,
        "wake": PackageResources.wake_lua,
        "wants": PackageResources.wants_lua,
    ])

    private static func texts(_ files: [String: [UInt8]]) -> [String: String] {
        files.mapValues { String(decoding: $0, as: UTF8.self) }
    }
}
