-- Opens a definition that was closed.
-- @before prelude, replay, broadcast
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags
-- Returns   1 if it was closed, else 0, also if its time was up already
-- Invariant works at maxmemory; all processes hear of it
local hadDoor = call('ZREM', B .. ':leases', '~') == 1
local isClosed = call('DEL', B .. ':door') == 1 and hadDoor
if hadDoor then tellAll('0') end
answer, changed = isClosed and '1' or '0', true
