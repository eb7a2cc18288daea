-- For scripts that can make dead letters; needs clock.lua and results.lua.
-- Moves a task to the dead letters: first what is added, then what is removed. The caller has made a first write.
-- KEYS[1] as in prelude.lua; ARGV is not used. Returns nothing by itself. Invariant: a task is never in no place.
local function bury(id, attempt, reason, record, want, time)
    if record then call('HSET', B .. ':xp', id, record) end
    call('HSET', B .. ':xe', id, attempt .. ':' .. reason)
    call('ZADD', B .. ':x', format('%d', time), id)
    settle(id, want, 'X', reason, 0)
    call('HDEL', B .. ':p', id)
    call('HDEL', B .. ':a', id)
    call('HDEL', B .. ':e', id)
    call('HDEL', B .. ':w', id)
    call('ZREM', B .. ':d', id)
    call('ZREM', B .. ':l', id)
end
-- Keeps the dead letters within 10,000 and 90 days. A call adds at most 100, so removing 200 keeps up.
local function trim(time)
    local old = call('ZRANGEBYSCORE', B .. ':x', '-inf', time - 7776000000, 'LIMIT', 0, 200)
    local over = call('ZCARD', B .. ':x') - 10000
    if #old == 0 and over > 0 then old = call('ZRANGE', B .. ':x', 0, math.min(over, 200) - 1) end
    if #old == 0 then return end
    call('HDEL', B .. ':xp', unpack(old))
    call('HDEL', B .. ':xe', unpack(old))
    call('ZREM', B .. ':x', unpack(old))
end
