-- Extends leases, also ended ones that nobody has taken over.
-- @before prelude, clock, leases, stops
-- KEYS[1]   base key
-- ARGV      lease in ms, then for each lease: id, token
-- Returns   one character for each lease: D done, L lost, C done, but the attempt is to stop; with any C a list, whose
--           other values are the reasons for them
-- Invariant changes nothing but the ends of leases whose whole token matches
local lease, ids = tonumber(ARGV[1]), {}
for i = 2, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local held = call('HMGET', B .. ':tokens', unpack(ids))
local longest, stops, reasons = longestLease(), stopsAmong(ids, held), {}
local leaseEnd, ends, answer = format('%d', now() + lease), {}, {}
for i = 1, #ids do
    local isHeld = held[i] == ARGV[2 * i + 1]
    local reason = isHeld and stops and stops[ids[i]]
    answer[i] = reason and 'C' or isHeld and 'D' or 'L'
    reasons[#reasons + 1] = reason or nil
    if isHeld then
        ends[#ends + 1] = leaseEnd
        ends[#ends + 1] = ids[i]
    end
end
if #ends > 0 then
    call('ZREM', B .. ':leases', '')
    noteLease(lease, longest)
    call('ZADD', B .. ':leases', unpack(ends))
    -- What was asked for outlives the lease.
    if stops then call('PEXPIRE', B .. ':cancels', format('%d', 3600000 + math.max(lease, longest))) end
end
if #reasons > 0 then return { table.concat(answer), unpack(reasons) } end
return table.concat(answer)
