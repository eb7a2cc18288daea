-- Counts the tasks of a definition.
-- @before prelude, running
-- KEYS[1]   base key
-- Returns   ready, delayed, leased, dead, finished in all, failed attempts in all, dead letters removed for their
--           bounds in all, cancelled in all; if the definition is closed also when it opens by itself in ms ('' if it
--           does not), and who has closed it and why
-- Invariant reads only
local leased, delayed = running(), call('ZCARD', B .. ':delayed')
local totals = call('HMGET', B .. ':meta', 'finished', 'failed', 'trimmed', 'cancelled')
local ready = math.max(0, call('HLEN', B .. ':records') - leased - delayed)
local reply = { ready, delayed, leased, call('ZCARD', B .. ':dead') }
for i = 1, #totals do reply[4 + i] = tonumber(totals[i]) or 0 end
if call('ZSCORE', B .. ':leases', '~') then
    -- [clock]
    local left = call('PTTL', B .. ':door')
    if left ~= -2 then
        reply[9], reply[10] = left >= 0 and format('%d', now() + left) or '', call('GET', B .. ':door')
    end
end
return reply
