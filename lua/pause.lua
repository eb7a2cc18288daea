-- Closes a definition: nothing of it is handed out until it is resumed or its time is up.
-- @before prelude, clock, replay, wake, broadcast, timekeepers
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, ms until it opens by itself (0: only by hand), text: who has closed it, why
-- Returns   how many tasks are leased, as text
-- Invariant who waits is told when it opens by itself before nobody waits any more; closing again replaces both
-- [running]
-- Counted first: what a user may not ask is refused before anything is closed.
local leased = running()
local DOOR, LEASES, wait = B .. ':door', B .. ':leases', tonumber(ARGV[4])
if wait > 0 then
    call('SET', DOOR, ARGV[5], 'PX', ARGV[4])
    -- Without a door, also that of an earlier pause: where one stands nobody is told anything.
    call('ZREM', LEASES, '~')
    later(wait)
else
    call('SET', DOOR, ARGV[5])
end
call('ZADD', LEASES, '-inf', '~')
call('DEL', B .. ':waiting')
answer, changed = format('%d', leased), true
