-- Walks a sorted set of tasks behind a place.
-- Defines: isBefore, walkSet
-- Expects: call
-- Invariant reads only; a member that stays where it is is passed once
-- `score` and `lastID` are those of the last member of the page before ('' for the first page). Returns up to `limit`
-- ids, then score and id of the last member that was looked at ('' at the end of the set).
-- Whether one id stands before another one of the same score. Lua compares by the server's language, Redis by bytes.
local function isBefore(left, right)
    for i = 1, math.min(#left, #right) do
        local l, r = string.byte(left, i), string.byte(right, i)
        if l ~= r then return l < r end
    end
    return #left < #right
end
local function walkSet(key, isReverse, limit, score, lastID)
    local rank, ids, looked, gone, goneScore = 0, {}, 0, nil, nil
    local range = isReverse and 'ZREVRANGE' or 'ZRANGE'
    if lastID ~= '' then
        if call('ZSCORE', key, lastID) == score then
            rank = call(isReverse and 'ZREVRANK' or 'ZRANK', key, lastID) + 1
        else
            -- It is gone, or stands elsewhere now: those of the same score that were listed are passed over.
            gone, goneScore = lastID, score
            local low, high = isReverse and '(' .. score or '-inf', isReverse and '+inf' or '(' .. score
            rank = call('ZCOUNT', key, low, high)
        end
    end
    while #ids < limit and looked < 1000 do
        local upTo = rank + math.min(limit - #ids, 1000 - looked) - 1
        local found = call(range, key, rank, upTo, 'WITHSCORES')
        if #found == 0 then return ids, score, '' end
        for i = 1, #found, 2 do
            local id, at = found[i], found[i + 1]
            local isListed = gone and at == goneScore and (id == gone or isBefore(id, gone) ~= isReverse)
            -- Doors and relays are no tasks.
            if at ~= '-inf' and string.byte(id) ~= 126 and not isListed then ids[#ids + 1] = id end
        end
        rank, looked = rank + #found / 2, looked + #found / 2
        lastID, score = found[#found - 1], found[#found]
    end
    return ids, score, lastID
end
