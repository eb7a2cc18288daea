-- Brings the next run of a singleton forward.
-- @before prelude, clock
-- KEYS[1]   base key
-- ARGV      ms: the next run is due after this time at the latest
-- Returns   ms until the next run is due; -1 if it runs, has never run, or waits because it failed
-- Invariant a time that is sooner stays; the write works at maxmemory
local S, most = B .. ':singleton', tonumber(ARGV[1])
local state = call('HMGET', S, 'token', 'due', 'error')
local time, due = now(), tonumber(state[2])
local wait = due and due - time
if not wait or (state[1] or '') ~= '' or state[3] then return -1 end
if wait <= most then return math.max(0, wait) end
call('HDEL', S, '')
call('HSET', S, 'due', format('%d', time + most))
-- Whoever waits for the old time has to hear of the new one.
redis.pcall('PUBLISH', B .. ':wake', format('%d', most))
return most
