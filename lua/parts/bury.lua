-- Makes dead letters of tasks, and keeps their number within bounds.
-- Defines: bury, trim
-- Expects: call, B, format, settle, forget, forgetDead, nextRecord, enforce
-- Invariant a task is never in no place
-- Moves a task to the dead letters: first what is added, then what is removed. The caller has made a first write.
-- A newer record that waits behind it takes its place instead; returns whether there was one, which is due now.
local function bury(id, attempt, reason, record, want, time)
    local following = nextRecord(id, want)
    if following then
        call('ZADD', B .. ':delayed', format('%d', time), id)
        call('ZREM', B .. ':leases', id)
        settle(id, want, 'X', reason, 0)
        enforce(id, following)
        return true
    end
    if record then call('HSET', B .. ':dead-records', id, record) end
    call('HSET', B .. ':dead-reasons', id, attempt .. ':' .. reason)
    call('ZADD', B .. ':dead', format('%d', time), id)
    settle(id, want, 'X', reason, 0)
    forget({ id }, { id })
    call('HDEL', B .. ':errors', id)
    call('ZREM', B .. ':delayed', id)
    call('ZREM', B .. ':leases', id)
    return false
end
-- Keeps the dead letters within 10,000 and 90 days. A call adds at most 100, so removing 200 keeps up. Returns how many
-- were removed; they are counted, so that nobody has to guess.
local function trim(time)
    local old = call('ZRANGEBYSCORE', B .. ':dead', '-inf', time - 7776000000, 'LIMIT', 0, 200)
    local over = call('ZCARD', B .. ':dead') - 10000
    if #old == 0 and over > 0 then old = call('ZRANGE', B .. ':dead', 0, math.min(over, 200) - 1) end
    if #old == 0 then return 0 end
    call('HINCRBY', B .. ':meta', 'trimmed', #old)
    return forgetDead(old)
end
