-- The longest lease in use, and what it is good for.
-- Defines: longestLease, noteLease, nearest, repairLeases
-- Expects: call, B, format
-- Invariant no lease is longer than the longest one that is noted
-- The longest lease in ms; 0 if none is noted.
local function longestLease() return tonumber(call('HGET', B .. ':meta', 'lease') or '0') end
-- Notes a lease if it is longer than the longest one. The caller has made a first write.
local function noteLease(lease, longest)
    if lease > longest then call('HSET', B .. ':meta', 'lease', format('%d', lease)) end
end
-- For how many ms a lease that is noted as ending in `left` ms still counts. After the server's clock stepped back,
-- leases end too late: none ends later than the longest lease from now. A second of tolerance, because clocks are also
-- corrected by a few milliseconds.
local function nearest(left, longest)
    if longest > 0 and left > longest + 1000 then return longest end
    return left
end
-- Sets back the ends of leases that are too late, at most 100.
local function repairLeases(time, longest)
    local LEASES, latest = B .. ':leases', format('%d', time + longest + 1000)
    local far = call('ZREVRANGEBYSCORE', LEASES, '+inf', latest, 'LIMIT', '0', '100')
    if #far > 0 then call('ZREM', LEASES, '') end
    for i = 1, #far do call('ZADD', LEASES, 'XX', format('%d', time + longest), far[i]) end
end
