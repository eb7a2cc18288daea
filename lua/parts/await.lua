-- For a claim that got less than it asked for: says when it is worth asking again, and, if the process waits, enters it
-- among those that wait.
-- Defines: next, isFar, longest, nextDue, process, WAITING, SEATED
-- Expects: call, B, LEASES, DELAYED, nowText, time, lease, nonce, flags, hasDelays, count, reply, isNew
-- Invariant a process that gets less than it asked for waits before it is answered, and somebody knows the next time
-- Returns   the reply
local next = tonumber(call('ZRANGE', LEASES, '0', '0', 'WITHSCORES')[2])
local isFar = next and next > time + lease + 1000
local longest = (count == 0 or isFar) and tonumber(call('HGET', B .. ':meta', 'lease') or '0') or 0
if isFar and longest > 0 then
    -- [clock, leases]
    repairLeases(time, longest)
    next = tonumber(call('ZRANGE', LEASES, '0', '0', 'WITHSCORES')[2])
end
local nextDue = hasDelays and tonumber(call('ZRANGE', DELAYED, '0', '0', 'WITHSCORES')[2])
if nextDue and (not next or nextDue < next) then next = nextDue end
if not string.find(flags, 'W', 1, true) then
    reply[1] = next and math.max(0, next - time) or -1
    return reply
end

local process, WAITING, SEATED = string.match(nonce, '^[^-]+'), B .. ':waiting', B .. ':timekeepers'
call('ZREM', LEASES, '')
if count == 0 and longest == 0 then
    isNew = true
    call('HSET', B .. ':meta', 'lease', string.format('%d', lease))
end
-- Nobody else has a place in a registry that is new: those who had one claim, and get it again.
if isNew then redis.pcall('PUBLISH', B .. ':wake', '0') end
if call('ZADD', WAITING, nowText, process) == 1 then call('PEXPIRE', WAITING, '90000') end
reply[1] = -1
if next then
    -- The usual case: we have a seat for long enough, and nothing is due before what all have been told.
    local mine, toldAt = unpack(call('HMGET', SEATED, process, 'at'))
    local seat, seatEnd = string.match(mine or '', '^(%d) (%d+)$')
    toldAt = tonumber(toldAt)
    if seat and toldAt and time < toldAt and toldAt <= next and time + 20000 < tonumber(seatEnd) then
        reply[1] = next - time + 100 * (seat - 1)
    else
        -- [clock, wake, broadcast, timekeepers]
        reply[1] = keep(process, next, time)
    end
end
return reply
