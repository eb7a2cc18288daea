-- Renews, finishes, fails or releases a singleton.
-- Parts     prelude, clock, answers, epilogue; wake, keepers
-- KEYS[1]   base key
-- ARGV      process, call number, flags, token, operation, ms, error
--           renew: ms is the lease; finish and fail: ms until the next run; release: ms is not used
-- Returns   D done, L lease lost
-- Invariant nothing changes without the whole token; one HSET behind a no-op that works at maxmemory
local token, operation, ms, S = ARGV[4], ARGV[5], tonumber(ARGV[6]), B .. ':s'
local state = call('HMGET', S, 'token', 'attempt')
if state[1] ~= token then return 'L' end
local time, attempt = now(), tonumber(state[2]) or 0
if operation == 'renew' then
    local longest = tonumber(call('HGET', B .. ':m', 'lease') or '0')
    call('HDEL', S, '')
    if ms > longest then call('HSET', B .. ':m', 'lease', ARGV[6]) end
    call('HSET', S, 'end', format('%d', time + ms))
    return 'D'
end
if operation == 'finish' then
    call('HDEL', S, 'error')
    call('HSET', S, 'token', '', 'attempt', 0, 'due', format('%d', time + ms))
    counter = 'finished'
elseif operation == 'fail' then
    call('HDEL', S, '')
    call('HSET', S, 'token', '', 'due', format('%d', time + ms), 'error', ARGV[7])
    counter = 'failed'
else
    ms = 0
    call('HDEL', S, '')
    call('HSET', S, 'token', '', 'attempt', math.max(0, attempt - 1), 'due', format('%d', time))
end
answer, changed = 'D', true
-- All processes that handle it may become the owner.
redis.pcall('PUBLISH', B .. ':wake', format('%d', ms))
