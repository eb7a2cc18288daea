-- Extends leases, also ended ones that nobody has taken over.
-- Parts     prelude, clock
-- KEYS[1]   base key
-- ARGV      lease in ms, then for each lease: id, token
-- Returns   one character for each lease: D done, L lost
-- Invariant changes nothing but the ends of leases whose whole token matches
local lease, ids = tonumber(ARGV[1]), {}
for i = 2, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local held = call('HMGET', B .. ':a', unpack(ids))
local longest = tonumber(call('HGET', B .. ':m', 'lease') or '0')
local ends, scores, answer = format('%d', now() + lease), {}, {}
for i = 1, #ids do
    local isOurs = held[i] == ARGV[2 * i + 1]
    answer[i] = isOurs and 'D' or 'L'
    if isOurs then
        scores[#scores + 1] = ends
        scores[#scores + 1] = ids[i]
    end
end
if #scores > 0 then
    call('ZREM', B .. ':l', '')
    if lease > longest then call('HSET', B .. ':m', 'lease', ARGV[1]) end
    call('ZADD', B .. ':l', unpack(scores))
end
return table.concat(answer)
