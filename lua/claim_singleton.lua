-- Hands out the singleton of a name; it exists without being published.
-- Parts     prelude, clock
-- KEYS[1]   base key
-- ARGV      lease in ms, nonce, R if the call is repeated after a lost reply (else absent)
-- Returns   C, attempt (claimed) | L, ms (leased for that long) | U, ms (not due until then)
-- Invariant one owner; the write is a single HSET behind a no-op that works at maxmemory
local lease, nonce = tonumber(ARGV[1]), ARGV[2]
local S, M = B .. ':s', B .. ':m'
local time = now()
local longest = tonumber(call('HGET', M, 'lease') or '0')
local state = call('HMGET', S, 'token', 'attempt', 'end', 'due')
local token, attempt = state[1] or '', tonumber(state[2]) or 0
local left, wait = (tonumber(state[3]) or 0) - time, (tonumber(state[4]) or 0) - time
if token ~= '' and left > 0 then
    if ARGV[3] == 'R' and token == format('%d:%s', attempt, nonce) then
        call('HDEL', S, '')
        call('HSET', S, 'end', format('%d', time + lease))
        return { 'C', attempt }
    end
    -- The server's clock stepped back: see claim.lua.
    if longest > 0 and left > longest + 1000 then
        left = longest
        call('HDEL', S, '')
        call('HSET', S, 'end', format('%d', time + left))
    end
    return { 'L', left }
end
if wait > 0 then return { 'U', wait } end
call('HDEL', S, '')
if lease > longest then call('HSET', M, 'lease', ARGV[1]) end
call('HSET', S, 'token', format('%d:%s', attempt + 1, nonce), 'attempt', attempt + 1, 'end', format('%d', time + lease))
return { 'C', attempt + 1 }
