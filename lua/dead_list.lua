-- Lists dead letters, the latest first.
-- @before prelude
-- KEYS[1]   base key
-- ARGV      how many to pass over, how many to list (at most 1,000)
-- Returns   for each: id, time of death in ms, ATTEMPT:REASON
-- Invariant reads only
local from = tonumber(ARGV[1])
local found, ids, reply = call('ZREVRANGE', B .. ':dead', from, from + ARGV[2] - 1, 'WITHSCORES'), {}, {}
for i = 1, #found, 2 do ids[#ids + 1] = found[i] end
if #ids == 0 then return reply end
local reasons = call('HMGET', B .. ':dead-reasons', unpack(ids))
for i = 1, #ids do
    reply[#reply + 1] = ids[i]
    reply[#reply + 1] = found[2 * i]
    reply[#reply + 1] = reasons[i] or '0:'
end
return reply
