-- Ends tasks that are to stop and whose leases have ended, instead of handing them out once more.
-- Defines: endStopped
-- Expects: call, B, announcements, stopsAmong, endCancelled
-- Invariant what was cancelled while it ran is not handed out again
-- Looks at the 100 whose leases ended first. Returns whether any was ended; then there may be more.
local function endStopped(nowText)
    local ids = call('ZRANGEBYSCORE', B .. ':leases', '(-inf', nowText, 'LIMIT', '0', '100')
    local stops = #ids > 0 and stopsAmong(ids, call('HMGET', B .. ':tokens', unpack(ids)))
    if not stops then return false end
    call('ZREM', B .. ':leases', '')
    for id, reason in pairs(stops) do endCancelled(id, reason) end
    -- [announce]
    announcements = nil
    return true
end
