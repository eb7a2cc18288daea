-- Renews, finishes, fails or releases a singleton.
-- @before prelude, clock, replay, leases
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, token, operation, ms, error
--           renew: ms is the lease; finish, fail and release: ms until the next run
-- Returns   D done, L lease lost
-- Invariant nothing changes without the whole token; one HSET behind a no-op that works at maxmemory
local token, operation, ms, SINGLETON = ARGV[4], ARGV[5], tonumber(ARGV[6]), B .. ':singleton'
local state = call('HMGET', SINGLETON, 'token', 'attempt')
if state[1] ~= token then return 'L' end
local time, attempt = now(), tonumber(state[2]) or 0
if operation == 'renew' then
    local longest = longestLease()
    call('HDEL', SINGLETON, '')
    noteLease(ms, longest)
    call('HSET', SINGLETON, 'end', format('%d', time + ms))
    return 'D'
end
if operation == 'finish' then
    call('HDEL', SINGLETON, 'error')
    call('HSET', SINGLETON, 'token', '', 'attempt', 0, 'due', format('%d', time + ms))
    counter = 'finished'
elseif operation == 'fail' then
    call('HDEL', SINGLETON, '')
    call('HSET', SINGLETON, 'token', '', 'due', format('%d', time + ms), 'error', ARGV[7])
    counter = 'failed'
else
    call('HDEL', SINGLETON, '')
    call('HSET', SINGLETON, 'token', '', 'attempt', math.max(0, attempt - 1), 'due', format('%d', time + ms))
end
answer, changed = 'D', true
-- All processes that handle it may become the owner.
redis.pcall('PUBLISH', B .. ':wake', format('%d', ms))
