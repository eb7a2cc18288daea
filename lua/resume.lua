-- Opens a definition that was closed.
-- @before prelude, replay, broadcast
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags
-- Returns   1 if it was closed, else 0
-- Invariant works at maxmemory; all processes hear of it
local isClosed = call('ZREM', B .. ':leases', '~') == 1
call('DEL', B .. ':door')
if isClosed then tellAll('0') end
answer, changed = isClosed and '1' or '0', true
