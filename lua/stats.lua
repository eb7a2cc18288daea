-- Counts the tasks of a definition.
-- @before prelude
-- KEYS[1]   base key
-- Returns   ready, delayed, leased, dead, finished in all, failed attempts in all
-- Invariant reads only
local leased, delayed = call('ZCARD', B .. ':leases'), call('ZCARD', B .. ':delayed')
local totals = call('HMGET', B .. ':meta', 'finished', 'failed')
local ready = math.max(0, call('HLEN', B .. ':records') - leased - delayed)
return {
    ready, delayed, leased, call('ZCARD', B .. ':dead'), tonumber(totals[1]) or 0, tonumber(totals[2]) or 0,
}
