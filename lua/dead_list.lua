-- Lists dead letters, the latest first.
-- @before prelude
-- KEYS[1]   base key
-- ARGV      how many to pass over, how many to list (at most 1,000)
-- Returns   1 if there are more of those asked for, because a reply has about 256 KiB at most (else 0), then for each:
--           id, time of death in ms, ATTEMPT:REASON
-- Invariant reads only
local from, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local reply, size, listed = { 0 }, 0, 0
while listed < count do
    local upTo = math.min(listed + 50, count) - 1
    local found, ids = call('ZREVRANGE', B .. ':dead', from + listed, from + upTo, 'WITHSCORES'), {}
    for i = 1, #found, 2 do ids[#ids + 1] = found[i] end
    if #ids == 0 then return reply end
    local reasons = call('HMGET', B .. ':dead-reasons', unpack(ids))
    for i = 1, #ids do
        local reason = reasons[i] or '0:'
        size = size + #ids[i] + #reason
        if i + listed > 1 and size > 262144 then
            reply[1] = 1
            return reply
        end
        reply[#reply + 1] = ids[i]
        reply[#reply + 1] = found[2 * i]
        reply[#reply + 1] = reason
    end
    listed = listed + 50
end
return reply
