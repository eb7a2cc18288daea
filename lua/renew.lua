-- Extends leases, also ended ones that nobody has taken over.
-- @before prelude, clock, leases
-- KEYS[1]   base key
-- ARGV      lease in ms, then for each lease: id, token
-- Returns   one character for each lease: D done, L lost
-- Invariant changes nothing but the ends of leases whose whole token matches
local lease, ids = tonumber(ARGV[1]), {}
for i = 2, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local held = call('HMGET', B .. ':tokens', unpack(ids))
local longest = longestLease()
local leaseEnd, ends, answer = format('%d', now() + lease), {}, {}
for i = 1, #ids do
    local isHeld = held[i] == ARGV[2 * i + 1]
    answer[i] = isHeld and 'D' or 'L'
    if isHeld then
        ends[#ends + 1] = leaseEnd
        ends[#ends + 1] = ids[i]
    end
end
if #ends > 0 then
    call('ZREM', B .. ':leases', '')
    noteLease(lease, longest)
    call('ZADD', B .. ':leases', unpack(ends))
end
return table.concat(answer)
