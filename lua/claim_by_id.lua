-- Hands out one task by its id, if it is due.
-- Parts     prelude, clock
-- KEYS[1]   base key
-- ARGV      id, lease in ms, nonce, R if the call is repeated after a lost reply (else absent)
-- Returns   C, attempt, record (claimed) | L, ms (leased for that long) | U, ms (not due until then) | N (not found)
-- Invariant as claim.lua. Taking a task out of its turn leaves a stale hint in q
local id, lease, nonce = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local P, Q, D, L, A, M = B .. ':p', B .. ':q', B .. ':d', B .. ':l', B .. ':a', B .. ':m'
local record = call('HGET', P, id)
if not record then return { 'N' } end
local time = now()
local longest = tonumber(call('HGET', M, 'lease') or '0')
local ends, due, token = call('ZSCORE', L, id), call('ZSCORE', D, id), call('HGET', A, id) or '0:'
local attempt, holder = string.match(token, '^(%d+):(.*)$')
attempt = tonumber(attempt)
if ends and tonumber(ends) > time then
    local left = tonumber(ends) - time
    if ARGV[4] == 'R' and holder == nonce then
        call('ZREM', L, '')
        call('ZADD', L, format('%d', time + lease), id)
        return { 'C', attempt, record }
    end
    -- The server's clock stepped back: see claim.lua.
    if longest > 0 and left > longest + 1000 then
        left = longest
        call('ZREM', L, '')
        call('ZADD', L, 'XX', format('%d', time + left), id)
    end
    return { 'L', left }
end
if not ends and due and tonumber(due) > time then return { 'U', tonumber(due) - time } end
local waiting = call('LLEN', Q)
attempt = attempt + 1
call('ZREM', L, '')
if lease > longest then call('HSET', M, 'lease', ARGV[2]) end
call('HSET', A, id, format('%d:%s', attempt, nonce))
call('ZADD', L, format('%d', time + lease), id)
if due then call('ZREM', D, id) end
-- A host that takes tasks by id only would grow the list for ever: when stale hints outnumber the others by far,
-- look at some from the head, drop the stale ones and put the others at the tail.
local ready = call('HLEN', P) - call('ZCARD', L) - call('ZCARD', D)
if waiting > 2 * math.max(0, ready) + 100 then
    local some = call('LRANGE', Q, 0, 99)
    local kept = {}
    for i = 1, #some do
        local other = some[i]
        if call('HEXISTS', P, other) == 1 and not call('ZSCORE', L, other) and not call('ZSCORE', D, other) then
            kept[#kept + 1] = other
        end
    end
    if #kept > 0 then call('RPUSH', Q, unpack(kept)) end
    call('LTRIM', Q, #some, -1)
end
return { 'C', attempt, record }
