-- Puts dead letters back to be tried again, with a fresh count of attempts.
-- Parts     prelude, clock; wake
-- KEYS[1]   base key
-- ARGV      ids, at most 100
-- Returns   one character for each id: 1 put back, 0 no such dead letter, or one without a record
-- Invariant the first write can be refused for lack of memory; a task is stored before its dead letter goes
local X, D, P = B .. ':x', B .. ':d', B .. ':p'
local answer, time, any = {}, now(), false
call('HLEN', P)
for i = 1, #ARGV do
    local id = ARGV[i]
    local record = call('ZSCORE', X, id) and call('HGET', B .. ':xp', id)
    answer[i] = record and '1' or '0'
    if record then
        call('ZADD', D, format('%d', time), id)
        call('HSET', P, id, record)
        call('DEL', B .. ':r:' .. id)
        call('HDEL', B .. ':xp', id)
        call('HDEL', B .. ':xe', id)
        call('ZREM', X, id)
        any = true
    end
end
if any then
    -- [wake]
    if not wake() then redis.pcall('PUBLISH', B .. ':wake', '0') end
end
return table.concat(answer)
