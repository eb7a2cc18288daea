-- Walks the line behind a place. A list only loses elements at its head, so the last hint of the page before can only
-- have moved towards the head.
-- Defines: walkLine
-- Expects: call, B, describe
-- Invariant reads only; a hint that stays is passed once, or the page says that it may be missing
-- `offset` is where the last hint stood, `lastID` its id ('' for the first page). Adds to the reply what is ready, and
-- returns the offset and the id of the last hint that was looked at ('' at the end of the line), and whether hints may
-- have been passed over.
local function walkLine(reply, limit, offset, lastID)
    local LINE, from, isApproximate = B .. ':line', offset, false
    if lastID ~= '' then
        local first = math.max(0, offset - 1000)
        local before, place = call('LRANGE', LINE, first, offset), nil
        for i = #before, 1, -1 do
            if not place and before[i] == lastID then place = first + i end
        end
        local found = not place and first > 0 and call('LPOS', LINE, lastID, 'MAXLEN', '10000')
        if found then place = found + 1 end
        -- Where the whole beginning of the line was looked through, the hint was taken, and all before it.
        if not place and first <= 10000 then place = 0 end
        isApproximate = not place
        from = place or offset
    end
    local looked, listed = 0, #reply
    while (#reply - listed) / 7 < limit and looked < 1000 do
        local room = math.min(limit - (#reply - listed) / 7, 1000 - looked)
        local hints = call('LRANGE', LINE, from, from + room - 1)
        if #hints == 0 then return from, '', isApproximate end
        describe(reply, hints, 'R')
        from, looked, lastID = from + #hints, looked + #hints, hints[#hints]
    end
    return from - 1, lastID, isApproximate
end
