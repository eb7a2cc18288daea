-- Hands a wake-up on, or leaves the processes that wait.
-- @before prelude, clock, wake, broadcast, door
-- KEYS[1]   base key
-- ARGV      process, L to leave ('' to hand on)
-- Returns   1 if another process was woken, else 0
-- Invariant a wake-up that its receiver cannot use is not lost while another process waits; a process that leaves is
--           followed by one that looks, and learns when something becomes due
if ARGV[2] == 'L' then
    call('ZREM', B .. ':waiting', ARGV[1])
    call('HDEL', B .. ':timekeepers', ARGV[1])
end
-- Where a definition has just opened by itself nobody waits yet.
if call('ZSCORE', B .. ':leases', '~') and doorOpensIn() == 0 then return 1 end
return wake(ARGV[1]) and 1 or 0
