-- Hands out the singleton of a name; it exists without being published.
-- @before prelude, instant, clock, leases, broadcast, door
-- KEYS[1]   base key
-- ARGV      lease in ms, nonce, R if the call is repeated after a lost reply (else absent)
-- Returns   C, attempt, fence (claimed) | L, ms (leased for that long) | U, ms (not due until then) | P, ms (the
--           definition is closed for so long; -1 until somebody opens it, -2 a claimer has to know what this version
--           does not)
-- Invariant one owner; the write is a single HSET behind a no-op that works at maxmemory
local lease, nonce, SINGLETON = tonumber(ARGV[1]), ARGV[2], B .. ':singleton'
local longest = longestLease()
local state = call('HMGET', SINGLETON, 'token', 'attempt', 'end', 'due')
local token, attempt = state[1] or '', tonumber(state[2]) or 0
local left, wait = (tonumber(state[3]) or 0) - time, (tonumber(state[4]) or 0) - time
if token ~= '' and left > 0 then
    if ARGV[3] == 'R' and token == format('%d:%s', attempt, nonce) then
        call('HDEL', SINGLETON, '')
        call('HSET', SINGLETON, 'end', format('%d', time + lease))
        return { 'C', attempt, fence }
    end
    if nearest(left, longest) < left then
        left = longest
        call('HDEL', SINGLETON, '')
        call('HSET', SINGLETON, 'end', format('%d', time + left))
    end
    return { 'L', left }
end
if wait > 0 then return { 'U', wait } end
local opensIn = doorOpensIn()
if opensIn and opensIn ~= 0 then return { 'P', opensIn } end
attempt = attempt + 1
call('HDEL', SINGLETON, '')
noteLease(lease, longest)
local leaseEnd = format('%d', time + lease)
call('HSET', SINGLETON, 'token', format('%d:%s', attempt, nonce), 'attempt', attempt, 'end', leaseEnd)
return { 'C', attempt, fence }
