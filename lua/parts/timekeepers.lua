-- Sees to it that somebody looks when something becomes due.
-- Defines: SEATS, seated, announce, note, later, keep
-- Expects: B, format, now, tell, tellAll
-- At most three processes have a seat and know the earliest time: the first exactly, the others 100 and 200 ms
-- later, so that a fleet does not claim in the same millisecond. `at` is the time that they were told last.
-- Invariant while processes wait, somebody knows a time that is not later than the earliest one
local SEATS = B .. ':timekeepers'
-- Reads the seats: holders (false where nobody sits) and `at`. Who did not come back for 40 s has lost its seat.
local function seated(time)
    local fields, holders, toldAt = redis.pcall('HGETALL', SEATS), { false, false, false }, nil
    for i = 1, #fields, 2 do
        local seat, ends = string.match(fields[i + 1], '^(%d) (%d+)$')
        if fields[i] == 'at' then
            toldAt = tonumber(fields[i + 1])
        elseif seat and tonumber(ends) > time then
            holders[tonumber(seat)] = fields[i]
        else
            redis.pcall('HDEL', SEATS, fields[i])
        end
    end
    return holders, toldAt
end
-- Tells all who have a seat, but for `except`, and takes the seats of those who are gone. Returns how many know.
local function announce(holders, wait, except)
    local known = 0
    for i = 1, 3 do
        local holder = holders[i]
        if holder and (holder == except or tell(holder, format('due %s %d', B, wait + 100 * (i - 1)))) then
            known = known + 1
        elseif holder then
            redis.pcall('HDEL', SEATS, holder)
            holders[i] = false
        end
    end
    return known
end
local function note(field, value)
    redis.pcall('HSET', SEATS, field, value)
    redis.pcall('PEXPIRE', SEATS, '90000')
end
-- Something becomes due in `wait` ms. If nobody knows an earlier time, it is told to those with seats, and to
-- others who wait until two know; and where there is nobody to tell, to all.
local function later(wait)
    local time = now()
    local due, holders, toldAt = time + wait, seated(time)
    if toldAt and toldAt > time and toldAt <= due then return end
    local known = announce(holders, wait)
    if known < 2 then
        local waiting = redis.pcall('ZREVRANGE', B .. ':waiting', '0', '9')
        for i = 1, #waiting do
            local process = waiting[i]
            local isSeated = process == holders[1] or process == holders[2] or process == holders[3]
            if known < 2 and not isSeated and tell(process, format('due %s %d', B, wait + 100 * known)) then
                known = known + 1
            end
        end
    end
    if known == 0 then known = tellAll(format('%d', wait)) end
    if known > 0 then note('at', format('%d', due)) end
end
-- A process has found less than it asked for, and the next thing is due at `next`, if there is one. Returns in how many
-- ms this process shall look again; -1 if others do.
local function keep(process, next, time)
    if not next then return -1 end
    local holders, toldAt = seated(time)
    if not toldAt or toldAt <= time or next < toldAt then
        announce(holders, math.max(0, next - time), process)
        note('at', format('%d', next))
    end
    for seat = 1, 3 do
        if not holders[seat] or holders[seat] == process then
            note(process, format('%d %d', seat, time + 40000))
            return math.max(0, next - time) + 100 * (seat - 1)
        end
    end
    return -1
end
