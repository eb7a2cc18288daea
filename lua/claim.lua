-- Hands out the earliest tasks that are due, each under a lease of its own.
-- Parts     prelude; clock, results, bury, wake, keepers
-- KEYS[1]   base key
-- ARGV      most tasks, lease in ms, nonce, flags (absent if there are none): R the call is repeated after a lost
--           reply; L note the lease, which a process asks for with its first claim, with a longer lease, and once a
--           minute, so that m knows the longest lease in use; W the process waits for what it does not get now, and
--           is woken
-- Returns   next, then for each task: id, attempt, record. next is 0 (ask again now), -1 (nothing waits or runs, or,
--           with W, others look at the time) or the ms until something becomes due: a delayed task, or a lease that
--           ends
-- Invariant one winner for each task; the attempt is counted here. Writes begin with one that works at maxmemory;
--           a lease is written before the hint goes, or the hint is put back, so whatever stops the script leaves a
--           stale hint only. Who leaves tasks behind wakes the next waiting process; who gets less than it asked
--           for is one
local limit, length, nonce, flags = tonumber(ARGV[at + 1]), ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] or ''
local P, Q, D, L, A, M = B .. ':p', B .. ':q', B .. ':d', B .. ':l', B .. ':a', B .. ':m'
-- The server's time in ms, and the end of new leases, as text: the server formats a number as floating point.
local clock = call('TIME')
local today = clock[1] .. string.sub('000000' .. clock[2], -6, -4)
local ends = string.format('%d', today + length)
local ended, delays = call('ZCOUNT', L, '-inf', today), call('ZCARD', D) > 0
local due = delays and ended < limit and call('ZCOUNT', D, '-inf', today) or 0

-- Every process notes its lease with its first claim, so a registry without one is new, or has lost everything.
local time, count, reply, again, isNew = tonumber(today), 0, { 0 }, false, false
if ended + due == 0 and (flags == '' or flags == 'W') and (limit == 1 or call('LLEN', Q) == 1) then
    -- The usual case, without the tables of the general one below: one task, which is ready and was never claimed
    -- before. Should anything go wrong, its hint is put back.
    local pcall = redis.pcall
    local id = call('LPOP', Q)
    if id and not (delays and call('ZSCORE', D, id)) then
        local isFirst = pcall('HSETNX', A, id, '1:' .. nonce)
        local record = isFirst == 1 and pcall('HGET', P, id)
        local isAdded = type(record) == 'string' and pcall('ZADD', L, ends, id)
        if isAdded == 1 then
            count, reply = 1, { 0, id, 1, record }
            if limit == 1 then
                if call('EXISTS', B .. ':z') == 1 and call('EXISTS', Q) == 1 then
                    -- [clock, wake]
                    wake()
                end
                return reply
            end
        end
        if count == 0 and isFirst == 1 then call('HDEL', A, id) end
        -- A hint without a record is stale. All others are put back, for the general case or after an error.
        if count == 0 and (isFirst ~= 1 or record) then call('LPUSH', Q, id) end
        if type(isFirst) == 'table' then return isFirst end
        if type(record) == 'table' then return record end
        if type(isAdded) == 'table' then return isAdded end
    end
end

if count == 0 then
    local announcements
    -- [clock, results, bury]
    local lease = tonumber(length)
    if string.find(flags, 'L', 1, true) then
        call('ZREM', L, '')
        local noted = call('HGET', M, 'lease')
        isNew = not noted
        if lease > tonumber(noted or '0') then call('HSET', M, 'lease', length) end
    end
    if string.find(flags, 'R', 1, true) then
        -- The reply of the first delivery was lost: its tasks are among the leases.
        local scores, reply = {}, { 0 }
        for offset = 0, 9000, 1000 do
            local ids = call('ZREVRANGE', L, offset, offset + 999)
            if #ids == 0 then break end
            local tokens = call('HMGET', A, unpack(ids))
            for i = 1, #ids do
                local attempt, holder = string.match(tokens[i] or '', '^(%d+):(.*)$')
                local record = holder == nonce and call('HGET', P, ids[i])
                if record then
                    scores[#scores + 1] = ends
                    scores[#scores + 1] = ids[i]
                    reply[#reply + 1] = ids[i]
                    reply[#reply + 1] = tonumber(attempt)
                    reply[#reply + 1] = record
                end
            end
        end
        if #scores > 0 then
            call('ZREM', L, '')
            call('ZADD', L, unpack(scores))
            return reply
        end
    end

    -- What comes back, from holders whose leases ended and then from the delayed ones; what waits in line; the turn.
    local back, backTokens, turn = {}, nil, nil
    local line, lineTokens, lineDelays = call('LRANGE', Q, '0', limit - 1), nil, nil
    if ended > 0 then
        back = call('ZRANGEBYSCORE', L, '-inf', today, 'LIMIT', '0', limit)
        ended = #back
    end
    if due > 0 then
        for _, id in ipairs(call('ZRANGEBYSCORE', D, '-inf', today, 'LIMIT', '0', limit - ended)) do back[#back + 1] = id end
    end
    if #back > 0 then backTokens = call('HMGET', A, unpack(back)) end
    local alternate = #back > 0 and #line > 0
    local lastTurn = alternate and call('HGET', M, 'turn')
    turn = lastTurn

    -- Where no large record was ever stored, all of them together are small enough to be read at once.
    local areSmall = not call('HGET', M, 'large')
    local backRecords = areSmall and #back > 0 and call('HMGET', P, unpack(back))
    local lineRecords

    local tokens, scores, fromDelays, lost, taken = {}, {}, {}, {}, {}
    local size, popped, skipped, b, q = 0, 0, 0, 1, 1
    while count < limit do
        local isBack = b <= #back
        if q > #line and not isBack then
            -- Only stale elements make it worth looking further into the list, and only so far.
            if skipped == 0 or #line == 0 then break end
            if skipped >= 100 then
                again = true
                break
            end
            line, q, lineTokens = call('LRANGE', Q, popped, popped + limit - 1), 1, nil
            if #line == 0 then break end
        end
        if isBack and q <= #line then isBack = turn ~= 'q' end
        local id, token, isStale, record
        if isBack then
            id, token, record = back[b], backTokens[b], areSmall and backRecords[b]
            isStale = taken[id]
        else
            if not lineTokens then
                lineTokens = call('HMGET', A, unpack(line))
                lineDelays = delays and call('ZMSCORE', D, unpack(line))
                lineRecords = areSmall and call('HMGET', P, unpack(line))
            end
            id, token, record = line[q], lineTokens[q], areSmall and lineRecords[q]
            isStale = taken[id] or (lineDelays and lineDelays[q]) or (token and call('ZSCORE', L, id))
        end
        local isTaken = not isStale and (record or not areSmall)
        if isTaken and not areSmall then
            local bytes = call('HSTRLEN', P, id)
            size = size + bytes
            if count > 0 and size > 1048576 then
                again = true
                break
            end
            record = bytes > 0 and call('HGET', P, id)
            isTaken = record
        end
        if isTaken then
            local attempt = token and string.match(token, '^%d+') + 1 or 1
            taken[id] = true
            tokens[2 * count + 1], tokens[2 * count + 2] = id, token and format('%d:%s', attempt, nonce) or '1:' .. nonce
            scores[2 * count + 1], scores[2 * count + 2] = ends, id
            reply[3 * count + 2], reply[3 * count + 3] = id, attempt
            reply[3 * count + 4] = record
            count = count + 1
            if isBack and b > ended then fromDelays[#fromDelays + 1] = id end
        elseif isBack and not isStale then
            lost[#lost + 1] = id
            lost[#lost + 1] = string.match(token or '0:', '^%d+')
        end
        if isBack then
            b = b + 1
        else
            q, popped = q + 1, popped + 1
            if not isTaken then skipped = skipped + 1 end
        end
        if alternate and isTaken then turn = isBack and 'q' or 'b' end
    end

    if count > 0 or popped > 0 or #lost > 0 then
        call('ZREM', L, '')
        if count > 0 then
            if count < 8 then
                call('HSET', A, unpack(tokens))
                call('ZADD', L, unpack(scores))
            else
                -- Something long makes a table and a skip list of them, and they stay so for as long as there are leases: a
                -- packed list is slow from a few dozen tasks on. No task has such an id.
                local long = string.rep('~', 65)
                call('HSET', A, '~', long, unpack(tokens))
                call('HDEL', A, '~')
                call('ZADD', L, ends, long, unpack(scores))
                call('ZREM', L, long)
            end
        end
        if popped > 0 then call('LTRIM', Q, popped, '-1') end
        if #fromDelays > 0 then call('ZREM', D, unpack(fromDelays)) end
        if turn ~= lastTurn then call('HSET', M, 'turn', turn) end
        if #lost > 0 then
            for i = 1, #lost, 2 do
                bury(lost[i], lost[i + 1], 'payload missing', false, call('HGET', B .. ':w', lost[i]), time)
            end
            trim(time)
            for i = 1, announcements and #announcements or 0, 2 do
                local inbox = string.match(B, '^(.*):{') .. ':inbox:' .. announcements[i]
                redis.pcall('PUBLISH', inbox, 'result ' .. B .. ' ' .. announcements[i + 1])
            end
        end
    end
end

local isMore = count == limit or again
if isMore then
    if call('EXISTS', B .. ':z') == 1 then
        local isLeft = again or call('EXISTS', Q) == 1 or call('ZCOUNT', L, '-inf', today) > 0
        if isLeft or (delays and call('ZCOUNT', D, '-inf', today) > 0) then
            -- [clock, wake]
            wake()
        end
    end
    return reply
end

local next = tonumber(call('ZRANGE', L, '0', '0', 'WITHSCORES')[2])
local isFar = next and next > time + length + 1000
local longest = (count == 0 or isFar) and tonumber(call('HGET', M, 'lease') or '0') or 0
if isFar and longest > 0 then
    -- After the server's clock stepped back, leases end too late: none ends later than the longest lease from now.
    -- A second of tolerance, because clocks are also corrected by a few milliseconds.
    local far = call('ZREVRANGEBYSCORE', L, '+inf', string.format('%d', time + longest + 1000), 'LIMIT', '0', '100')
    if #far > 0 then
        call('ZREM', L, '')
        for i = 1, #far do call('ZADD', L, 'XX', string.format('%d', time + longest), far[i]) end
        next = tonumber(call('ZRANGE', L, '0', '0', 'WITHSCORES')[2])
    end
end
local nextDue = delays and tonumber(call('ZRANGE', D, '0', '0', 'WITHSCORES')[2])
if nextDue and (not next or nextDue < next) then next = nextDue end
if not string.find(flags, 'W', 1, true) then
    reply[1] = next and math.max(0, next - time) or -1
    return reply
end

-- The process waits for what it did not get, and looks at the time if that is its turn.
local process, Z, K = string.match(nonce, '^[^-]+'), B .. ':z', B .. ':k'
call('ZREM', L, '')
if count == 0 and longest == 0 then
    isNew = true
    call('HSET', M, 'lease', length)
end
-- Nobody else has a place in a registry that is new: those who had one claim, and get it again.
if isNew then redis.pcall('PUBLISH', B .. ':wake', '0') end
if call('ZADD', Z, today, process) == 1 then call('PEXPIRE', Z, '90000') end
reply[1] = -1
if next then
    -- The usual case: we have a seat for long enough, and nothing is due before what all have been told.
    local mine, at = unpack(call('HMGET', K, process, 'at'))
    local seat, ends = string.match(mine or '', '^(%d) (%d+)$')
    at = tonumber(at)
    if seat and at and time < at and at <= next and time + 20000 < tonumber(ends) then
        reply[1] = next - time + 100 * (seat - 1)
    else
        -- [clock, wake, keepers]
        reply[1] = keep(process, next, time)
    end
end
return reply
