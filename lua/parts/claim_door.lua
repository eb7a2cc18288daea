-- Ends a claim early if the definition is closed (docs/redis-layout.md, Doors). It stands behind the look for a
-- repeated claim, or the tasks of that would wait for the end of their leases.
-- Defines: opensIn
-- Expects: call, B, LEASES, DELAYED, nowText, time, nonce, flags, hasDelays, expired, due, reply
-- Invariant behind a door that stays nothing new is handed out
-- Returns   the reply, if there is a door that stays closed
-- [broadcast, door]
local opensIn = doorOpensIn()
if opensIn == 0 then
    expired = call('ZCOUNT', LEASES, '-inf', nowText)
    due = hasDelays and call('ZCOUNT', DELAYED, '-inf', nowText) or 0
elseif opensIn then
    reply[1] = opensIn
    if opensIn > 0 and string.find(flags, 'W', 1, true) then
        local process = string.match(nonce, '^[^-]+')
        -- [clock, wake, timekeepers]
        reply[1] = keep(process, time + opensIn, time)
    end
    return reply
end
