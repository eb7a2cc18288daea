-- Ends a task as cancelled.
-- Defines: endCancelled
-- Expects: call, B, settle, forget
-- Invariant the reason is stored before the task goes, and the token goes last, so a stopped call can be repeated
-- What waits behind the task goes with it. The caller has made a first write.
local function endCancelled(id, reason)
    settle(id, call('HGET', B .. ':wants', id), 'C', reason, 60000)
    call('ZREM', B .. ':delayed', id)
    call('ZREM', B .. ':leases', id)
    call('HDEL', B .. ':errors', id)
    call('HDEL', B .. ':next-records', id)
    call('HDEL', B .. ':cancels', id)
    forget({ id }, { id })
    redis.pcall('HINCRBY', B .. ':meta', 'cancelled', '1')
end
