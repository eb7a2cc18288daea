-- Closes a definition: nothing of it is handed out until it is resumed or its time is up.
-- @before prelude, clock, replay, wake, broadcast, timekeepers
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, ms until it opens by itself (0: only by hand), text: who has closed it, why
-- Returns   how many tasks are leased, as text
-- Invariant who waits is told when it opens by itself before nobody waits any more; closing again replaces both
local DOOR, wait = B .. ':door', tonumber(ARGV[4])
if wait > 0 then
    call('SET', DOOR, ARGV[5], 'PX', ARGV[4])
    -- Before the door stands, because where it does nobody is told anything.
    later(wait)
else
    call('SET', DOOR, ARGV[5])
end
call('ZADD', B .. ':leases', '-inf', '~')
call('DEL', B .. ':waiting')
-- [running]
answer, changed = format('%d', running()), true
