-- Writes down what a claim hands out, and buries what has lost its record.
-- Defines: nothing
-- Expects: call, B, LINE, DELAYED, TOKENS, LEASES, leaseEnd, time, count, tokens, ends, fromDelays, lost, popped,
--          turn, lastTurn, isMore, bury, trim, announcements
-- Invariant writes begin with one that works at maxmemory; a lease is written before the hint goes, so whatever stops
--           the script leaves a stale hint only. The end of a lease that is taken over is overwritten
if count > 0 or popped > 0 or #lost > 0 then
    call('ZREM', LEASES, '')
    if count > 0 and count < 8 then
        call('HSET', TOKENS, unpack(tokens))
        call('ZADD', LEASES, unpack(ends))
    elseif count > 0 then
        -- Something long makes a table and a skip list of them, and they stay so for as long as there are leases: a
        -- packed list is slow from a few dozen tasks on. No task has such an id.
        local long = string.rep('~', 65)
        call('HSET', TOKENS, '~', long, unpack(tokens))
        call('HDEL', TOKENS, '~')
        call('ZADD', LEASES, leaseEnd, long, unpack(ends))
        call('ZREM', LEASES, long)
    end
    if popped > 0 then call('LTRIM', LINE, popped, '-1') end
    if #fromDelays > 0 then call('ZREM', DELAYED, unpack(fromDelays)) end
    if turn ~= lastTurn then call('HSET', B .. ':meta', 'turn', turn) end
    for i = 1, #lost, 2 do
        local want = call('HGET', B .. ':wants', lost[i])
        -- What waits behind it is due now.
        isMore = bury(lost[i], lost[i + 1], 'payload missing', false, want, time) or isMore
    end
    if #lost > 0 then trim(time) end
    -- [announce]
end
