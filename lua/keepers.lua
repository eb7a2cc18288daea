-- Sees to it that somebody looks when something becomes due; needs clock.lua and wake.lua.
-- At most three processes have a seat in k and know the earliest time: the first exactly, the others 100 and 200 ms
-- later, so that a fleet does not claim in the same millisecond. `at` is the time that they were told last.
-- KEYS[1] as in prelude.lua; ARGV is not used. Returns nothing by itself. Invariant: while processes wait, somebody
-- knows a time that is not later than the earliest one.
local K = B .. ':k'
-- Reads the seats: holders (false where nobody sits), `at`, and until when the seats are taken.
local function seated(time)
    local fields, holders, ends = redis.pcall('HMGET', K, '1', '2', '3', 'at'), {}, {}
    for i = 1, 3 do
        local holder, last = string.match(fields[i] or '', '^(%S+) (%d+)$')
        ends[i] = tonumber(last or '0')
        holders[i] = ends[i] > time and holder
    end
    return holders, tonumber(fields[4]), ends
end
-- Tells all who have a seat, but for `except`, and takes the seats of those who are gone.
-- Returns how many know.
local function announce(holders, wait, except)
    local known = 0
    for i = 1, 3 do
        local holder = holders[i]
        if holder == except or holder and tell(holder, format('due %s %d', B, wait + 100 * (i - 1))) then
            known = known + 1
        elseif holder then
            redis.pcall('HDEL', K, i)
            holders[i] = false
        end
    end
    return known
end
local function note(due)
    redis.pcall('HSET', K, 'at', format('%d', due))
    redis.pcall('PEXPIRE', K, '90000')
end
-- Something becomes due in `wait` ms. If nobody knows an earlier time, it is told to those with seats, and to
-- others who wait until two know; and where there is nobody to tell, to all.
local function later(wait)
    local time = now()
    local due, holders, at = time + wait, seated(time)
    if at and at > time and at <= due then return end
    local known = announce(holders, wait)
    if known < 2 then
        local waiting = redis.pcall('ZREVRANGE', B .. ':z', '0', '9')
        for i = 1, #waiting do
            local process = waiting[i]
            local isSeated = process == holders[1] or process == holders[2] or process == holders[3]
            if known < 2 and not isSeated and tell(process, format('due %s %d', B, wait + 100 * known)) then
                known = known + 1
            end
        end
    end
    if known == 0 then
        local receivers = redis.pcall('PUBLISH', B .. ':wake', format('%d', wait))
        known = type(receivers) == 'number' and receivers or 0
    end
    if known > 0 then note(due) end
end
-- A process has found less than it asked for, and the next thing is due at `next`, if there is one.
-- Returns in how many ms this process shall look again; -1 if others do.
local function keep(process, next, time)
    if not next then return -1 end
    local holders, at, ends = seated(time)
    if not at or at <= time or next < at then
        announce(holders, math.max(0, next - time), process)
        note(next)
    end
    local mine, free
    for i = 3, 1, -1 do
        if holders[i] == process then mine = i elseif not holders[i] then free = i end
    end
    local seat = mine
    if free and (not mine or free < mine) then seat = free end
    if not seat then return -1 end
    if seat ~= mine or ends[mine] < time + 20000 then
        redis.pcall('HSET', K, seat, format('%s %d', process, time + 40000))
        redis.pcall('PEXPIRE', K, '90000')
        if mine and seat ~= mine then redis.pcall('HDEL', K, mine) end
    end
    return math.max(0, next - time) + 100 * (seat - 1)
end
